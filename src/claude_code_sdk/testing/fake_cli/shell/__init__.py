"""Shell: what a command line says, as far as the permission to run it needs to know.  Nothing is executed."""
