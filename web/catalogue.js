// The description of the schemes, asked for before anything else: app.js imports this module first,
// so that its answer does not have to wait while the core is being compiled.

export const arriving = fetch("schemes.json").then((response) => response.json());
