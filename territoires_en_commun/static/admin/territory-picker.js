/* Combobox of territories in the editor: search, add to the list, remove from it. */
(() => {
  const MINIMUM = 2;
  const DELAY = 200;

  class Picker {
    constructor(element) {
      this.element = element;
      this.input = element.querySelector("[role=combobox]");
      this.list = element.querySelector("[role=listbox]");
      this.chosen = element.querySelector("[data-chosen]");
      this.status = element.querySelector("[data-status]");
      this.active = -1;
      this.input.addEventListener("input", () => this.schedule());
      this.input.addEventListener("keydown", (event) => this.key(event));
      this.input.addEventListener("blur", () => window.setTimeout(() => this.close(), 150));
      this.list.addEventListener("mousedown", (event) => event.preventDefault());
      this.list.addEventListener("click", (event) => {
        const option = event.target.closest("[role=option]");
        if (option) this.add(option);
      });
      this.chosen.addEventListener("click", (event) => {
        const button = event.target.closest("[data-remove]");
        if (button) this.remove(button.closest("li"));
      });
    }

    schedule() {
      window.clearTimeout(this.timer);
      this.timer = window.setTimeout(() => this.search(), DELAY);
    }

    async search() {
      const text = this.input.value.trim();
      if (text.length < MINIMUM) return this.close();
      this.status.textContent = "Recherche…";
      this.request?.abort();
      this.request = new AbortController();
      try {
        const url = `${this.element.dataset.url}?${new URLSearchParams({ q: text })}`;
        const response = await fetch(url, { signal: this.request.signal, headers: { Accept: "application/json" } });
        if (!response.ok) throw new Error(response.statusText);
        this.show((await response.json()).resultats);
      } catch (error) {
        if (error.name !== "AbortError") {
          this.close();
          this.status.textContent = "La recherche ne répond pas. Réessayez dans un instant.";
        }
      }
    }

    show(results) {
      this.list.replaceChildren(...results.map((result, index) => this.option(result, index)));
      this.active = -1;
      this.input.removeAttribute("aria-activedescendant");
      this.list.hidden = results.length === 0;
      this.input.setAttribute("aria-expanded", String(results.length > 0));
      this.status.textContent =
        results.length === 0 ? "Aucun territoire trouvé." : `${results.length} territoire${results.length > 1 ? "s" : ""}.`;
    }

    option(result, index) {
      const option = document.createElement("li");
      option.id = `${this.list.id}-${index}`;
      option.className = "territory-picker__option";
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dataset.value = result.pk;
      option.dataset.name = result.nom;
      option.dataset.precision = result.precision;
      option.textContent = result.precision ? `${result.nom} · ${result.precision}` : result.nom;
      return option;
    }

    key(event) {
      const options = [...this.list.children];
      const open = !this.list.hidden && options.length > 0;
      if (event.key === "Enter") {
        event.preventDefault();
        if (open) this.add(options[Math.max(this.active, 0)]);
      } else if (event.key === "Escape" && open) {
        event.preventDefault();
        this.close();
      } else if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
        event.preventDefault();
        const step = event.key === "ArrowDown" ? 1 : -1;
        this.active = (this.active + step + options.length) % options.length;
        options.forEach((option, index) => option.setAttribute("aria-selected", String(index === this.active)));
        options[this.active].scrollIntoView({ block: "nearest" });
        this.input.setAttribute("aria-activedescendant", options[this.active].id);
      }
    }

    add(option) {
      const { value, name, precision } = option.dataset;
      this.close();
      this.input.value = "";
      this.input.focus();
      if ([...this.chosen.querySelectorAll("input")].some((input) => input.value === value)) {
        this.status.textContent = `${name} est déjà dans la liste.`;
        return;
      }
      const item = document.createElement("li");
      item.className = "territory-picker__item";
      const label = document.createElement("span");
      const small = document.createElement("small");
      small.textContent = precision;
      label.append(`${name} `, small);
      const input = document.createElement("input");
      input.type = "hidden";
      input.name = this.element.dataset.name;
      input.value = value;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button button-small button-secondary";
      button.dataset.remove = "";
      button.setAttribute("aria-label", `Retirer ${name}`);
      button.textContent = "Retirer";
      item.append(label, input, button);
      if ("single" in this.element.dataset) this.chosen.replaceChildren();
      this.chosen.append(item);
      this.status.textContent = `${name} ajouté.`;
      this.changed();
    }

    remove(item) {
      const name = item.querySelector("span").firstChild.textContent.trim();
      item.remove();
      this.status.textContent = `${name} retiré.`;
      this.input.focus();
      this.changed();
    }

    changed() {
      this.input.dispatchEvent(new Event("change", { bubbles: true }));
    }

    close() {
      this.list.hidden = true;
      this.active = -1;
      this.input.setAttribute("aria-expanded", "false");
      this.input.removeAttribute("aria-activedescendant");
    }
  }

  const start = (root) => {
    root.querySelectorAll?.("[data-territory-picker]").forEach((element) => {
      if (element.picker) return;
      element.picker = new Picker(element);
    });
  };
  start(document);
  document.addEventListener("DOMContentLoaded", () => start(document));
})();
