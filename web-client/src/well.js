// What the page of a well has besides: its picture.
import { openViewer } from "./viewer.js";

const place = document.getElementById("viewer");
if (place) openViewer(place);
