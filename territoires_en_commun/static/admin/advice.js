// Keeps the remarks on a page up to date: asked again after each automatic save.
const panel = document.querySelector("[data-advice]");

async function refresh(pk) {
  const response = await fetch(panel.dataset.advice.replace("/0/", `/${pk}/`));
  if (!response.ok || response.redirected) return;
  const html = await response.text();
  if (html !== panel.dataset.shown) {
    panel.innerHTML = html;
    panel.dataset.shown = html;
  }
}

if (panel) {
  document.addEventListener("w-autosave:success", (event) => {
    const { pk } = event.detail.response;
    if (pk) refresh(pk).catch(() => {}); // the next save asks again
  });
}
