// The territory field: territories are proposed under a text input.
//   <input type="text" name="q" data-territory-combobox="go" data-territory-url="/api/v1/territoires">
// "go" opens the page of the territory chosen; "choose" sends its key in place of the text (TerritoryField).

import { Combobox, announced } from "./combobox.js";

const LIMIT = 10;
const WORDS = { none: "Aucun territoire ne correspond.", one: "territoire proposé", many: "territoires proposés" };

class TerritoryCombobox extends Combobox {
  unavailable = "Les propositions sont indisponibles ; validez pour chercher.";

  constructor(input) {
    super(input, "Territoires proposés");
    this.results = [];
    if (input.dataset.territoryCombobox === "choose") this.buildKey();
  }

  // The key of the territory travels in a hidden field of the same name.
  buildKey() {
    this.key = document.createElement("input");
    this.key.type = "hidden";
    this.key.name = this.input.name;
    this.key.value = this.input.dataset.territoryKey || this.input.value;
    this.input.removeAttribute("name");
    this.box.append(this.key);
  }

  typed() {
    if (this.key) this.key.value = this.input.value;
    super.typed();
  }

  async fetchOptions(text, signal) {
    const { territoryUrl, territoryTypes } = this.input.dataset;
    const parameters = new URLSearchParams({ q: text, limite: LIMIT });
    if (territoryTypes) parameters.set("type", territoryTypes);
    const response = await fetch(`${territoryUrl}?${parameters}`, { signal, credentials: "omit" });
    const answer = await response.json();
    if (!response.ok) return { nodes: [], announcement: answer.detail };
    this.results = answer.resultats;
    const nodes = this.results.map((result, index) => this.option(result, index));
    return { nodes, announcement: announced(nodes.length, WORDS) };
  }

  option(result, index) {
    const option = document.createElement("div");
    option.id = `${this.id}-option-${index}`;
    option.className = "combobox__option";
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    const name = document.createElement("span");
    name.className = "combobox__name";
    name.textContent = result.nom;
    const precision = document.createElement("span");
    precision.className = "combobox__precision";
    precision.textContent = result.precision;
    option.append(name, " ", precision);
    return option;
  }

  choose(option) {
    const result = this.results[this.options.indexOf(option)];
    if (this.input.dataset.territoryCombobox === "go") {
      this.input.value = result.nom;
      this.go(result.url);
      return;
    }
    this.input.value = result.precision ? `${result.nom} – ${result.precision}` : result.nom;
    this.key.value = result.id;
    this.show([]);
    this.status.textContent = `${result.nom} choisi.`;
    this.key.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

for (const input of document.querySelectorAll("input[data-territory-combobox]")) new TerritoryCombobox(input);
