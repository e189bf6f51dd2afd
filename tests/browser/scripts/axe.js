// What axe finds on the whole document: by every rule that it applies by default, and every rule of the RGAA; those that
// axe calls experimental or deprecated aside, as it leaves them aside itself. The nodes that pass are not told.
async () => {
  const wanted = (rule) => rule.enabled || rule.tags.includes("RGAAv4");
  const excluded = (rule) => axe._audit.tagExclude.some((tag) => rule.tags.includes(tag));
  const rules = axe._audit.rules.filter((rule) => wanted(rule) && !excluded(rule));
  if (!rules.some((rule) => rule.tags.includes("RGAAv4"))) throw new Error("no rule of the RGAA in this axe");
  const { violations, incomplete, passes } = await axe.run(document, {
    runOnly: { type: "rule", values: rules.map((rule) => rule.id) },
    resultTypes: ["violations", "incomplete"],
  });
  return { violations, incomplete, passes: passes.map((rule) => rule.id) };
}
