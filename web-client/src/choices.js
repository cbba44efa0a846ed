// A form marked data-follow shows its page anew when a list or a tick is changed; its button stays for the keyboard.
export function followChoices(root) {
  for (const form of root.querySelectorAll("form[data-follow]")) {
    form.addEventListener("change", (event) => {
      if (event.target.matches("select, input[type=checkbox]")) form.requestSubmit();
    });
  }
}
