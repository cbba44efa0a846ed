// What every page has: choices that take effect at once, and the state of a run that goes on. Pages work without it.
import { followChoices } from "./choices.js";
import { walkPlates } from "./plates.js";
import { refreshParts } from "./refresh.js";

followChoices(document);
refreshParts(document);
walkPlates(document);
