// A page marked data-refresh asks for itself again while something is going on, and changes only the parts marked data-live:
// nothing is loaded anew, so what a reader has opened or stands on stays. It ends when the page no longer asks for it.
export function refreshParts(page) {
  const seconds = Number(page.querySelector("[data-refresh]")?.dataset.refresh);
  if (seconds > 0) setTimeout(() => refresh(page, seconds), seconds * 1000);
}

async function refresh(page, seconds) {
  const again = () => setTimeout(() => refresh(page, seconds), seconds * 1000);
  if (page.hidden) return again();
  let text;
  try {
    const answer = await fetch(page.location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    text = await answer.text();
  } catch {
    return; // the workbench has ended
  }
  const now = new DOMParser().parseFromString(text, "text/html");
  for (const part of page.querySelectorAll("[data-live]")) {
    const fresh = now.querySelector(`[data-live="${CSS.escape(part.dataset.live)}"]`);
    if (fresh && fresh.innerHTML !== part.innerHTML) exchange(part, fresh);
  }
  if (now.querySelector("[data-refresh]")) again();
}

// What was unfolded stays unfolded.
function exchange(part, fresh) {
  const open = [...part.querySelectorAll("details")].map((one) => one.open);
  fresh.querySelectorAll("details").forEach((one, number) => (one.open = open[number] ?? false));
  part.className = fresh.className;
  part.replaceChildren(...[...fresh.childNodes].map((node) => part.ownerDocument.importNode(node, true)));
}
