"""Set-up code shared by the commands in bin/. Standard library only: it runs before
anything is installed."""
