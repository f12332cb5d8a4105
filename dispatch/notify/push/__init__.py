"""Messages to a browser, through the push service of its maker: what we say to it, and where."""
