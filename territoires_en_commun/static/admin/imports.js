// Shows where the worker stands, then the result.
const section = document.querySelector("[data-import-progress]");
const bar = section?.querySelector("progress");
const count = section?.querySelector("#import-count");
const EVERY = 1500;

async function refresh() {
  try {
    const response = await fetch(section.dataset.importProgress, { headers: { Accept: "application/json" } });
    if (response.redirected || !response.ok) throw new Error(response.statusText);
    const state = await response.json();
    if (!state.working) {
      window.location.reload();
      return;
    }
    bar.max = state.total;
    bar.value = state.done;
    count.textContent = `${state.done} lignes sur ${state.total}`;
  } catch {
    count.textContent = "Le site ne répond pas pour l’instant ; nouvel essai dans quelques secondes.";
  }
  setTimeout(refresh, EVERY);
}

if (section) setTimeout(refresh, EVERY);
