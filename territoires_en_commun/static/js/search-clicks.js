/* Tells the site which result of a search was opened, without waiting for it; nothing of the person is sent. */

for (const results of document.querySelectorAll("[data-click-token]")) {
  const links = [...results.querySelectorAll("a[data-result]")];
  const tell = (event) => {
    const link = event.target.closest("a[data-result]");
    if (!link || event.button > 1) return;
    const told = new URLSearchParams({
      jeton: results.dataset.clickToken,
      rang: links.indexOf(link) + 1,
      page: link.dataset.result,
    });
    navigator.sendBeacon(results.dataset.clickUrl, told);
  };
  results.addEventListener("click", tell);
  results.addEventListener("auxclick", tell); // the wheel opens a tab
}
