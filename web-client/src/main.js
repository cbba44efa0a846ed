// The workbench in the browser: pages work without it; with it wells can be looked at and choices take effect at once.
import { followChoices } from "./choices.js";
import { openViewer } from "./viewer.js";

followChoices(document);
const place = document.getElementById("viewer");
if (place) openViewer(place);
