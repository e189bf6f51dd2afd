// WCAG 1.4.3 for what axe leaves undecided because of a background image (DSFR underlines links with one).
(selectors) => {
  const parse = (text) => {
    const values = text.match(/[\d.]+/g).map(Number);
    return { rgb: values.slice(0, 3), alpha: values.length > 3 ? values[3] : 1 };
  };
  const over = (top, bottom, alpha) => top.map((value, i) => value * alpha + bottom[i] * (1 - alpha));
  const background = (element) => {
    const layers = [];
    for (let node = element; node; node = node.parentElement) {
      const colour = parse(getComputedStyle(node).backgroundColor);
      if (colour.alpha > 0) layers.push(colour);
      if (colour.alpha === 1) break;
    }
    return layers.reduceRight((below, layer) => over(layer.rgb, below, layer.alpha), [255, 255, 255]);
  };
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  return selectors.flatMap((selector) => {
    const element = document.querySelector(selector);
    const style = getComputedStyle(element);
    const behind = background(element);
    const colour = parse(style.color);
    const levels = [luminance(over(colour.rgb, behind, colour.alpha)), luminance(behind)].sort((a, b) => b - a);
    const ratio = (levels[0] + 0.05) / (levels[1] + 0.05);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    return ratio >= (large ? 3 : 4.5) ? [] : [`${selector} : ${ratio.toFixed(2)}`];
  });
}
