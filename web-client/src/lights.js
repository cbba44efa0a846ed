// The channels as their controls say: which are shown, in which colour, between which greys.
export function lightsOf(root) {
  return [...root.querySelectorAll(".light")]
    .map((row) => {
      const part = (name) => row.querySelector(`[data-part=${name}]`);
      return {
        channel: row.dataset.channel,
        shown: part("shown").checked,
        colour: part("colour").value.slice(1),
        low: part("low").valueAsNumber,
        high: part("high").valueAsNumber,
      };
    })
    .filter((light) => light.shown && Number.isFinite(light.low) && Number.isFinite(light.high));
}

export function queryOf(lights) {
  const query = new URLSearchParams();
  for (const light of lights) query.append("light", `${light.low},${light.high},${light.colour},${light.channel}`);
  return query.toString();
}
