// The elements whose text is cut: they hide what overflows them, and something does. Those that were cut at the first
// call (buttons that show an icon alone) are left out of the next ones.
() => [...document.querySelectorAll("body *")].filter((element) => {
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  const hides = [style.overflowX, style.overflowY].some((value) => value === "hidden" || value === "clip");
  const visible = element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  // A box of one pixel holds text for screen readers alone.
  const cut = hides && visible && box.width > 2 && box.height > 2 && element.textContent.trim() &&
    (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1);
  if (!cut || element.dataset.cutAtFirst) return false;
  element.dataset.cutAtFirst = "yes";
  return true;
}).map((element) => element.outerHTML.slice(0, 160))
