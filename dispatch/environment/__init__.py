"""The project's own environment, `.venv`: what is finished in it, and how it is made."""
