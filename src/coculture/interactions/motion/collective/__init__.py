"""Do cells move together: order and correlation of the velocities seen at one time, one file each."""
