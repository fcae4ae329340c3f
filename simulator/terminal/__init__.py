"""What the commands say: values typed on the command line, live progress, interruption, the screens of each command."""
