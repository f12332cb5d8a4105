"""What proves beside a password who somebody is: passkeys, an app for codes, recovery codes."""
