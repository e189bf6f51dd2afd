// The number of the control that has the focus, its HTML when it has none, null when the focus left the page.
() => {
  const element = document.activeElement;
  if (element === document.body) return null;
  return element.dataset.tabOrder ?? element.outerHTML.slice(0, 160);
}
