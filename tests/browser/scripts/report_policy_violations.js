// Says in the console what the Content-Security-Policy refuses, wherever it is.
document.addEventListener("securitypolicyviolation", (event) => {
  console.error("CSP", event.violatedDirective, event.blockedURI);
});
