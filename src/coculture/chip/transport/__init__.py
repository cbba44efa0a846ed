"""What reaches the cells: solutes carried by flow, spreading, lost, exchanged, taken up and given off on a chip's grid."""
