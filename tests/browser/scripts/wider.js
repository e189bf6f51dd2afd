// The elements that make the page scroll sideways; data tables may, in their own frame.
() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  return [...document.querySelectorAll("body *")]
    .filter((element) => element.getBoundingClientRect().right > root.clientWidth + 1 && !element.closest(".fr-table"))
    .map((element) => element.outerHTML.slice(0, 160));
}
