// Asks the browser what device it runs on, when the button is pressed, and hands it to the page.
const WANTED = ["model", "platform", "platformVersion", "fullVersionList", "mobile"];
export default function ({ data, parentElement, setTriggerValue }) {
  const button = parentElement.querySelector("button");
  button.textContent = data.label;
  button.onclick = async () => {
    let hints = null;
    try {
      hints = (await navigator.userAgentData?.getHighEntropyValues(WANTED)) ?? null;
    } catch {
      // Refused: the user agent has to do.
    }
    setTriggerValue("said", {
      agent: navigator.userAgent,
      hints: hints && Object.fromEntries(WANTED.map((name) => [name, hints[name]])),
      touch_points: navigator.maxTouchPoints ?? 0,
    });
  };
}
