// Numbers in document order every control that the keyboard must reach (one per group of radio buttons); their count.
() => {
  const controls =
    "a[href], button, input, select, textarea, summary, iframe, [tabindex], [contenteditable]";
  const groups = new Set();
  const reachable = [...document.querySelectorAll(controls)].filter((element) => {
    if (element.disabled || element.tabIndex < 0 || element.type === "hidden" || element.closest("[inert]")) {
      return false;
    }
    if (!element.checkVisibility({ visibilityProperty: true })) return false;
    if (element.type === "radio") {
      const checked = document.querySelector(`input[type=radio][name="${element.name}"]:checked`);
      if (checked ? checked !== element : groups.has(element.name)) return false;
      groups.add(element.name);
    }
    return true;
  });
  reachable.forEach((element, index) => { element.dataset.tabOrder = index; });
  return reachable.length;
}
