-- Hands ghost text to Neovim 0.12's own `vim.lsp.inline_completion`, which draws it, beside that of other
-- servers.
--
-- It would ask the server itself, 0.2 s after each key. Its requests are answered here, from what is known:
-- we ask at once, and give it each answer as if it were that of its own last request.
local offers = require("pilotfish.ghost.offer")
local tabs = require("pilotfish.ghost.tabs")

local M = {}

local METHOD = "textDocument/inlineCompletion"
--- Where Neovim draws.
local SPACE = vim.api.nvim_create_namespace("nvim.lsp.inline_completion")

---@type table<integer, function> by client: its own way to send a request
local send = {}
---@type table<integer, function> by buffer: who takes the answers
local takers = {}
---@type table<integer, fun()> by buffer: to be told when there is such a one
local ready = {}

--- Give it what it is to show. It may have gone, and another will come with a question of its own.
---@param client vim.lsp.Client
---@param buf integer
---@param items lsp.InlineCompletionItem[]
---@return boolean is_given
local function give(client, buf, items)
  local context = { client_id = client.id, bufnr = buf, method = METHOD }
  if not takers[buf] or not pcall(takers[buf], nil, { items = items }, context) then
    takers[buf] = nil
  end
  return takers[buf] ~= nil
end

--- Whether it has drawn this text, and not that of another server.
---@param drawn vim.api.keyset.extmark_details
---@param lines string[]
---@return boolean
local function is_of(drawn, lines)
  local more = drawn.virt_lines or {}
  for number = 2, #lines do
    if not more[number - 1] or more[number - 1][1][1] ~= lines[number] then
      return false
    end
  end
  -- What the first line has in common with what stands behind the cursor is left out of it.
  return #more == #lines - 1 and vim.endswith(lines[1], drawn.virt_text[1][1])
end

--- Mend what it has drawn: all of it, at the cursor, without tabs, not in the next character's highlight.
---@param buf integer
---@param text string
---@return boolean is_drawn
local function mend(buf, text)
  local lines = vim.split(text, "\n", { plain = true })
  local row, col = unpack(vim.api.nvim_win_get_cursor(0))
  local marks = vim.api.nvim_buf_get_extmarks(buf, SPACE, 0, -1, { details = true })
  for _, mark in ipairs(marks) do
    local drawn = mark[4]
    if is_of(drawn, lines) then
      drawn.virt_text[1][1] = tabs.expanded(lines[1])
      vim.api.nvim_buf_set_extmark(buf, SPACE, row - 1, col, {
        id = mark[1],
        virt_text = drawn.virt_text,
        virt_text_pos = "inline",
        virt_lines = drawn.virt_lines,
        hl_mode = "replace",
      })
      return true
    end
  end
  -- It may draw elsewhere in some other version: then there is nothing here to be mended.
  return #marks == 0
end

---@param client vim.lsp.Client
---@param buf integer
---@param is_ready fun() called when something can be drawn
function M.attach(client, buf, is_ready)
  if not send[client.id] then
    local request = client.request
    send[client.id] = request
    client.request = function(self, method, params, handler, bufnr)
      if self ~= client or method ~= METHOD then
        return request(self, method, params, handler, bufnr)
      end
      local is_first = not takers[bufnr]
      takers[bufnr] = handler
      if is_first and ready[bufnr] then
        ready[bufnr]()
      end
      return true
    end
  end
  -- A buffer that was read anew (`:edit!`) is attached anew, and who took its answers has gone.
  takers[buf], ready[buf] = nil, is_ready
  vim.lsp.inline_completion.enable(true, { bufnr = buf })
  -- Have it ask now, and not only after the first key: until then it takes no answers. It is there once what
  -- Neovim has scheduled after this is done.
  vim.schedule(vim.schedule_wrap(function()
    local group = "nvim.lsp.inline_completion:" .. buf
    pcall(vim.api.nvim_exec_autocmds, "InsertEnter", { group = group, buffer = buf })
  end))
end

--- Whether it draws in a buffer: the user may have switched it off.
---@param buf integer
---@return boolean
function M.is_on(buf)
  return vim.lsp.inline_completion.is_enabled({ bufnr = buf })
end

---@param client vim.lsp.Client
---@param ... any as `client:request`
---@return boolean ok
---@return integer? id
function M.request(client, ...)
  return send[client.id](client, ...)
end

--- Have it drawn at the cursor of the current window.
---@param client vim.lsp.Client
---@param offer pilotfish.Offer
---@return boolean is_drawn
function M.show(client, offer)
  local row, col = unpack(vim.api.nvim_win_get_cursor(0))
  local line = vim.api.nvim_get_current_line()
  local here = { line = row - 1, character = vim.str_utfindex(line, client.offset_encoding, col, false) }
  local items = {}
  for index, item in ipairs(offer.items) do
    local range = { start = here, ["end"] = here }
    local text = offers.seen(offer, index) or ""
    table.insert(items, { insertText = text, range = range, command = item.command })
  end
  local buf = vim.api.nvim_get_current_buf()
  if not give(client, buf, items) then
    return false
  end
  if offer.is_turned then
    vim.lsp.inline_completion.select({ bufnr = buf, count = offer.index - 1 })
  end
  return mend(buf, offers.seen(offer))
end

--- Take it off the screen.
---@param buf integer
---@param client? vim.lsp.Client
function M.clear(buf, client)
  if client then
    give(client, buf, {})
  end
end

--- The server has gone, and with it whoever took the answers.
---@param buf integer
function M.detach(buf)
  takers[buf], ready[buf] = nil, nil
end

return M
