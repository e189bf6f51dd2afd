/* Plays a video where it stands, after a click on its link; without this script the link opens its host. */

for (const frame of document.querySelectorAll("[data-video-player]")) {
  const link = frame.querySelector("a");
  link.addEventListener("click", (event) => {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const player = document.createElement("iframe");
    player.title = frame.dataset.videoTitle;
    player.allow = "fullscreen; picture-in-picture";
    player.allowFullscreen = true;
    player.referrerPolicy = "strict-origin-when-cross-origin";
    player.src = frame.dataset.videoPlayer;
    player.tabIndex = 0;
    frame.classList.add("video__frame--playing");
    frame.replaceChildren(player);
    player.focus();
  });
}
