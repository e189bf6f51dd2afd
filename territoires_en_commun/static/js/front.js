// Behaviours of the frame that DSFR does not have. Every page works without them.

// The summary of errors is read first (RGAA 11.10).
document.querySelector("[data-error-summary]")?.focus();

// On a small screen the menu and the search bar are in closed dialogs: their skip links open them (RGAA 12.7).
document.querySelector(".fr-skiplinks")?.addEventListener("click", (event) => {
  const dialog = event.target.hash && document.querySelector(event.target.hash)?.closest(".fr-modal");
  if (dialog && getComputedStyle(dialog).visibility === "hidden") {
    event.preventDefault();
    document.querySelector(`[aria-controls="${dialog.id}"]`).click();
  }
});

// Escape closes a dialog from its fields too, where DSFR leaves the key alone (RGAA 7.3).
document.addEventListener("keydown", (event) => {
  const field = event.target;
  const closable = field.matches?.("input[type=radio], input[type=checkbox]") || (field.matches?.("input") && !field.value);
  if (event.key === "Escape" && closable) {
    field.closest(".fr-modal--opened")?.querySelector(".fr-btn--close")?.click();
  }
});
