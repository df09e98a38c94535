"""What stands between a spider and the wire: the door, robots.txt, and the reading of refusals."""
