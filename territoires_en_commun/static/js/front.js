// Behaviours of the frame that DSFR does not have. Every page works without them.

// The summary of errors is read first (RGAA 11.10).
document.querySelector("[data-error-summary]")?.focus();
