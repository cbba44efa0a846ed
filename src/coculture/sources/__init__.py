"""Where cell tables come from: the microscope, and the virtual chip."""
