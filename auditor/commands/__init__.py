"""What each command does once its words are parsed; every function returns an exit status."""
