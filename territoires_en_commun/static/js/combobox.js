// Editable combobox with list autocomplete and manual selection, as the ARIA Authoring Practices describe it, over a
// text input; and the suggestions of the search, whose field is in the header of every page. Without this script the
// input stays a plain one, which its form understands.

const MIN_LENGTH = 2;
const DELAY = 300; // milliseconds without typing before a request
const KEYS = "flèches haut et bas pour les parcourir";

let count = 0;

// « 1 territoire proposé », « 3 territoires proposés, flèches… »
export function announced(total, { none, one, many }) {
  if (total === 0) return none;
  return `${total === 1 ? `1 ${one}` : `${total} ${many}`}, ${KEYS}.`;
}

// A subclass says what is proposed: fetchOptions(text, signal) is a promise of { nodes, announcement }, what fills the
// list (options among it) and what is said of it; choose(option); unavailable, what is said when nothing answers.
export class Combobox {
  unavailable = "";

  constructor(input, label) {
    this.input = input;
    this.options = [];
    this.active = -1;
    this.timer = 0;
    this.request = null;
    this.id = `combobox-${(count += 1)}`;
    this.build(label);
    this.listen();
  }

  build(label) {
    const { input } = this;
    this.box = document.createElement("div");
    this.box.className = "combobox";
    input.replaceWith(this.box);
    this.list = document.createElement("div");
    this.list.id = `${this.id}-list`;
    this.list.className = "combobox__list";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", label);
    this.list.hidden = true;
    this.status = document.createElement("p");
    this.status.className = "fr-sr-only";
    this.status.setAttribute("role", "status");
    this.box.append(input, this.list, this.status);
    input.type = "text"; // ARIA in HTML allows no such role to a field of type search
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", this.list.id);
    input.setAttribute("autocomplete", "off");
    input.setAttribute("autocapitalize", "none");
    input.setAttribute("spellcheck", "false");
  }

  listen() {
    const { input, list } = this;
    input.addEventListener("input", () => this.typed());
    input.addEventListener("keydown", (event) => this.pressed(event));
    input.addEventListener("click", () => this.open());
    input.addEventListener("blur", () => this.close());
    list.addEventListener("pointerdown", (event) => event.preventDefault()); // the input keeps the focus
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.choose(option);
    });
  }

  typed() {
    this.forget();
    this.move(-1);
    if (this.input.value.trim().length < MIN_LENGTH) {
      this.show([]);
      this.status.textContent = "";
      return;
    }
    this.timer = setTimeout(() => this.search(), DELAY);
  }

  // No answer is waited for any more.
  forget() {
    clearTimeout(this.timer);
    this.request?.abort();
    this.request = null;
  }

  async search() {
    const request = new AbortController();
    this.request = request;
    try {
      const { nodes, announcement } = await this.fetchOptions(this.input.value.trim(), request.signal);
      if (this.request !== request) return; // a later request took over
      this.show(nodes);
      this.status.textContent = announcement;
    } catch {
      if (this.request !== request) return;
      this.show([]);
      this.status.textContent = this.unavailable;
    }
  }

  show(nodes) {
    this.active = -1;
    this.list.replaceChildren(...nodes);
    this.options = [...this.list.querySelectorAll("[role=option]")];
    if (this.options.length && document.activeElement === this.input) this.open();
    else this.close();
  }

  get isOpen() {
    return !this.list.hidden;
  }

  open() {
    if (!this.options.length) return;
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.move(-1);
  }

  move(index) {
    this.options[this.active]?.setAttribute("aria-selected", "false");
    this.active = index;
    const option = this.options[index];
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
    switch (event.key) {
      case "ArrowDown":
      case "ArrowUp":
        if (!this.options.length) return;
        this.arrow(event);
        break;
      case "Enter":
        this.forget();
        if (!this.isOpen || this.active < 0) return; // the form is sent
        this.choose(this.options[this.active]);
        break;
      case "Escape":
        if (this.isOpen) this.close();
        else if (this.input.value) this.clear();
        else return;
        event.stopPropagation(); // the dialog around the field, if there is one, stays
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

  arrow(event) {
    const last = this.options.length - 1;
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

  // The page of an option.
  go(url) {
    this.close();
    window.location.assign(url);
  }
}

// <input type="search" name="q" data-suggestions-url="/recherche/suggestions/">: the page that is chosen opens.
const SUGGESTIONS = { none: "Aucune suggestion.", one: "suggestion", many: "suggestions" };

class SearchCombobox extends Combobox {
  constructor(input) {
    super(input, "Suggestions");
  }

  async fetchOptions(text, signal) {
    const parameters = new URLSearchParams({ q: text });
    const response = await fetch(`${this.input.dataset.suggestionsUrl}?${parameters}`, { signal });
    if (!response.ok) throw new Error(response.statusText);
    const answer = new DOMParser().parseFromString(await response.text(), "text/html");
    const list = answer.querySelector("[role=listbox]");
    if (list) this.rename(list);
    const nodes = list ? [...list.children] : [];
    return { nodes, announcement: announced(answer.querySelectorAll("[role=option]").length, SUGGESTIONS) };
  }

  // A page may hold two such fields: what is in their lists has identifiers of its own.
  rename(list) {
    for (const element of list.querySelectorAll("[id]")) element.id = `${this.id}-${element.id}`;
    for (const group of list.querySelectorAll("[aria-labelledby]")) {
      group.setAttribute("aria-labelledby", `${this.id}-${group.getAttribute("aria-labelledby")}`);
    }
  }

  choose(option) {
    this.go(option.dataset.url);
  }
}

for (const input of document.querySelectorAll("input[data-suggestions-url]")) new SearchCombobox(input);
