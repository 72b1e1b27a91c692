-- The menu of completions, Neovim's own or that of nvim-cmp or blink.cmp: ghost text leaves it its place.
-- What is selected in it, but not written yet, is told to the server, which then offers what follows it.
---@section pilotfish-menus Menus of completions
--- Ghost text and a menu of completions can be open at the same time: Neovim's
--- own, that of nvim-cmp, or that of blink.cmp. While a menu is open, only what
--- goes on in the cursor's line is shown, and taken, since the menu lies on the
--- lines below; the rest comes when it closes. With an entry selected, the ghost
--- text is what would follow that entry. The first entry, which nvim-cmp and
--- blink.cmp may select for you, does not count as selected until you choose it;
--- nvim-cmp does not tell of a choice that it does not write
--- (`SelectBehavior.Select`) until the next key.
---
--- One key for both is a matter of order: the first that has something to do
--- takes it. Neovim's own menu first: >lua
---   vim.keymap.set("i", "<Tab>", function()
---     if vim.fn.pumvisible() == 1 then
---       return "<C-n>"
---     end
---     return require("pilotfish").accept() and "" or "<Tab>"
---   end, { expr = true })
--- <
--- nvim-cmp: >lua
---   mapping = {
---     ["<Tab>"] = cmp.mapping(function(fallback)
---       if not require("pilotfish").accept() then
---         fallback()
---       end
---     end, { "i" }),
---   }
--- <
--- blink.cmp: >lua
---   keymap = {
---     ["<Tab>"] = {
---       function()
---         return require("pilotfish").accept()
---       end,
---       "snippet_forward",
---       "fallback",
---     },
---   }
--- <
--- Both have ghost text of their own (`experimental.ghost_text`,
--- `completion.ghost_text`), off by default; leave it off.

local M = {}

--- The word that is selected in an open menu, `""` where none is, nil where no menu is open.
---@return string?
local function native()
  if vim.fn.pumvisible() == 0 then
    return nil
  end
  local info = vim.fn.complete_info({ "selected", "items" })
  local item = info.items[info.selected + 1]
  return item and item.word or ""
end

--- That of nvim-cmp, whose own `visible()` waits until all entries are sorted: too long for each key.
---@return string?
local function cmp()
  local view = vim.tbl_get(package.loaded, "cmp", "core", "view")
  if not view or not view:visible() then
    return nil
  end
  local entry = view:get_active_entry()
  return entry and entry:get_word() or ""
end

---@return string?
local function blink()
  local menu, list = package.loaded["blink.cmp"], package.loaded["blink.cmp.completion.list"]
  if not list or not menu or not menu.is_menu_visible or not menu.is_menu_visible() then
    return nil
  end
  local item = list.is_explicitly_selected and menu.get_selected_item()
  return item
      and item.insertTextFormat ~= vim.lsp.protocol.InsertTextFormat.Snippet
      and (item.insertText or item.label)
    or ""
end

--- Whether one is open.
---@return boolean
function M.is_open()
  return (native() or cmp() or blink()) ~= nil
end

--- What has to be pressed before text may be written: Neovim's own menu takes what is selected in it.
---@return string
function M.key_to_close()
  return native() and "<C-y>" or ""
end

--- What is selected and not written yet.
---@param client vim.lsp.Client
---@return lsp.SelectedCompletionInfo?
function M.selected(client)
  local word = native() or cmp() or blink() or ""
  local row, col = unpack(vim.api.nvim_win_get_cursor(0))
  local line = vim.api.nvim_get_current_line()
  local before = line:sub(1, col)
  if word == "" or vim.endswith(before, word) then
    return nil
  end
  local start = vim.fn.match(before, [[\k*$]])
  local function position(byte)
    return { line = row - 1, character = vim.str_utfindex(line, client.offset_encoding, byte, false) }
  end
  return { range = { start = position(start), ["end"] = position(col) }, text = word }
end

local is_watched = false

--- Call a function, the first that is given, when one opens or closes, or another entry is selected.
---@param changed fun()
function M.watch(changed)
  if is_watched then
    return
  end
  is_watched = true
  local later = vim.schedule_wrap(changed)
  local function on(name, pattern, react)
    local group = vim.api.nvim_create_augroup("pilotfish.menu", { clear = false })
    vim.api.nvim_create_autocmd(name, { group = group, pattern = pattern, callback = react })
  end
  on({ "CompleteChanged", "CompleteDone" }, nil, later)
  on("User", { "BlinkCmpMenuOpen", "BlinkCmpMenuClose" }, later)
  on("User", "BlinkCmpListSelect", function()
    -- It comes at each key, too, for what is only first in the list.
    if blink() ~= "" then
      later()
    end
  end)
  -- nvim-cmp has no autocommands, and may be loaded later than this.
  on("InsertEnter", nil, function()
    local menu = package.loaded["cmp"]
    if menu then
      menu.event:on("menu_opened", later)
      menu.event:on("menu_closed", later)
    end
    return menu ~= nil
  end)
end

return M
