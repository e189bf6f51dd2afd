// Editable combobox with list autocomplete, as the ARIA Authoring Practices describe it, over a text input:
//   <input type="text" name="q" data-territory-combobox="go" data-territory-url="/api/v1/territoires">
// "go" opens the page of the territory chosen; "choose" sends its key in place of the text (TerritoryField).
// Without this script the input stays a plain one, which its form understands.

const MIN_LENGTH = 2;
const DELAY = 300; // milliseconds without typing before a request
const LIMIT = 10;

let count = 0;

class TerritoryCombobox {
  constructor(input) {
    this.input = input;
    this.results = [];
    this.active = -1;
    this.timer = 0;
    this.request = null;
    this.id = `territory-combobox-${(count += 1)}`;
    this.build();
    this.listen();
  }

  build() {
    const { input } = this;
    this.box = document.createElement("div");
    this.box.className = "territory-combobox";
    input.replaceWith(this.box);
    this.list = document.createElement("ul");
    this.list.id = `${this.id}-list`;
    this.list.className = "territory-combobox__list";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "Territoires proposés");
    this.list.hidden = true;
    this.status = document.createElement("p");
    this.status.className = "fr-sr-only";
    this.status.setAttribute("role", "status");
    this.box.append(input, this.list, this.status);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", this.list.id);
    input.setAttribute("autocomplete", "off");
    input.setAttribute("autocapitalize", "none");
    input.setAttribute("spellcheck", "false");
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

  listen() {
    const { input, list } = this;
    input.addEventListener("input", () => this.typed());
    input.addEventListener("keydown", (event) => this.pressed(event));
    input.addEventListener("click", () => this.results.length && this.open());
    input.addEventListener("blur", () => this.close());
    list.addEventListener("pointerdown", (event) => event.preventDefault()); // the input keeps the focus
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.choose(Number(option.dataset.index));
    });
  }

  typed() {
    if (this.key) this.key.value = this.input.value;
    clearTimeout(this.timer);
    this.request?.abort();
    this.request = null;
    this.move(-1);
    if (this.input.value.trim().length < MIN_LENGTH) {
      this.show([]);
      this.status.textContent = "";
      return;
    }
    this.timer = setTimeout(() => this.search(), DELAY);
  }

  async search() {
    const request = new AbortController();
    this.request = request;
    const { territoryUrl, territoryTypes } = this.input.dataset;
    const parameters = new URLSearchParams({ q: this.input.value.trim(), limite: LIMIT });
    if (territoryTypes) parameters.set("type", territoryTypes);
    try {
      const response = await fetch(`${territoryUrl}?${parameters}`, { signal: request.signal, credentials: "omit" });
      const answer = await response.json();
      if (this.request !== request) return; // a later request took over
      this.show(response.ok ? answer.resultats : []);
      this.status.textContent = response.ok ? this.announcement() : answer.detail;
    } catch (error) {
      if (error.name === "AbortError" || this.request !== request) return;
      this.show([]);
      this.status.textContent = "Les propositions sont indisponibles ; validez pour chercher.";
    }
  }

  announcement() {
    const total = this.results.length;
    if (total === 0) return "Aucun territoire ne correspond.";
    const found = total === 1 ? "1 territoire proposé" : `${total} territoires proposés`;
    return `${found}, flèches haut et bas pour les parcourir.`;
  }

  show(results) {
    this.results = results;
    this.active = -1;
    this.list.replaceChildren(...results.map((result, index) => this.option(result, index)));
    if (results.length && document.activeElement === this.input) this.open();
    else this.close();
  }

  option(result, index) {
    const option = document.createElement("li");
    option.id = `${this.id}-option-${index}`;
    option.className = "territory-combobox__option";
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.dataset.index = index;
    const name = document.createElement("span");
    name.className = "territory-combobox__name";
    name.textContent = result.nom;
    const precision = document.createElement("span");
    precision.className = "territory-combobox__precision";
    precision.textContent = result.precision;
    option.append(name, " ", precision);
    return option;
  }

  get isOpen() {
    return !this.list.hidden;
  }

  open() {
    if (!this.results.length) return;
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.move(-1);
  }

  move(index) {
    this.list.children[this.active]?.setAttribute("aria-selected", "false");
    this.active = index;
    const option = this.list.children[index];
    if (!option) {
      this.input.removeAttribute("aria-activedescendant");
      return;
    }
    option.setAttribute("aria-selected", "true");
    this.input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  pressed(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    const last = this.results.length - 1;
    switch (event.key) {
      case "ArrowDown":
      case "ArrowUp":
        if (!this.results.length) return;
        this.arrow(event, last);
        break;
      case "Enter":
        clearTimeout(this.timer);
        if (!this.isOpen || this.active < 0) return; // the form is sent
        this.choose(this.active);
        break;
      case "Escape":
        if (this.isOpen) this.close();
        else if (this.input.value) this.clear();
        else return;
        break;
      case "Home":
      case "End":
        this.move(-1); // the caret moves in the text
        return;
      default:
        return;
    }
    event.preventDefault();
  }

  arrow(event, last) {
    const down = event.key === "ArrowDown";
    const wasOpen = this.isOpen;
    if (event.altKey && !down) {
      this.close();
      return;
    }
    this.open();
    if (event.altKey) return; // opened without moving
    if (!wasOpen || this.active < 0) this.move(down ? 0 : last);
    else if (down) this.move(this.active === last ? 0 : this.active + 1);
    else this.move(this.active === 0 ? last : this.active - 1);
  }

  clear() {
    this.input.value = "";
    this.typed();
  }

  choose(index) {
    const result = this.results[index];
    if (this.input.dataset.territoryCombobox === "go") {
      this.input.value = result.nom;
      this.close();
      window.location.assign(result.url);
      return;
    }
    this.input.value = result.precision ? `${result.nom} – ${result.precision}` : result.nom;
    this.key.value = result.id;
    this.results = [];
    this.close();
    this.status.textContent = `${result.nom} choisi.`;
    this.key.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

for (const input of document.querySelectorAll("input[data-territory-combobox]")) new TerritoryCombobox(input);
