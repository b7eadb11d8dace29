"""Odoo's command as a script: a server with workers starts itself again by its name."""

from odoo.cli.command import main

if __name__ == "__main__":
    main()
