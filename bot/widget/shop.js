// The shop's own buttons that open the chat.
for (const button of document.querySelectorAll("[data-ask]")) {
  button.addEventListener("click", () => window.Frontdesk?.open());
}
document.querySelector(".shelves [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
