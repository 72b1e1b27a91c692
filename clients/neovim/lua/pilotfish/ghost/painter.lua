-- Who draws: Neovim itself, where it can.
return require(vim.lsp.inline_completion and "pilotfish.ghost.builtin" or "pilotfish.ghost.drawn")
