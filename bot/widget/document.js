// Brings the cited passage into view.
document.getElementById("quote")?.scrollIntoView({ block: "center" });
