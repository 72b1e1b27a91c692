-- Hands ghost text to Neovim 0.12's own `vim.lsp.inline_completion`, which draws it, beside that of other
-- servers.
--
-- It would ask the server itself, 0.2 s after each key. Its requests are answered here, from what is known:
-- we ask at once, and give it each answer as if it were that of its own last request.
local offers = require("pilotfish.ghost.offer")

local M = {}

local METHOD = "textDocument/inlineCompletion"

---@type table<integer, function> by client: its own way to send a request
local send = {}
---@type table<integer, function> by buffer: who takes the answers
local takers = {}
---@type table<integer, lsp.InlineCompletionItem[]> by buffer: what could not be given yet
local waiting = {}

---@param client vim.lsp.Client
---@param buf integer
local function give(client, buf, items)
  if takers[buf] then
    takers[buf](nil, { items = items }, { client_id = client.id, bufnr = buf, method = METHOD })
  else
    waiting[buf] = items
  end
end

---@param client vim.lsp.Client
---@param buf integer
function M.attach(client, buf)
  if not send[client.id] then
    local request = client.request
    send[client.id] = request
    client.request = function(self, method, params, handler, bufnr)
      if self ~= client or method ~= METHOD then
        return request(self, method, params, handler, bufnr)
      end
      takers[bufnr] = handler
      if waiting[bufnr] then
        give(client, bufnr, waiting[bufnr])
        waiting[bufnr] = nil
      end
      return true
    end
  end
  -- A buffer that was read anew (`:edit!`) is attached anew, and who took its answers has gone.
  takers[buf] = nil
  vim.lsp.inline_completion.enable(true, { bufnr = buf })
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
  give(client, buf, items)
  if offer.is_turned and takers[buf] then
    vim.lsp.inline_completion.select({ bufnr = buf, count = offer.index - 1 })
  end
end

--- Take it off the screen.
---@param buf integer
---@param client? vim.lsp.Client
function M.clear(buf, client)
  waiting[buf] = nil
  if client and takers[buf] then
    give(client, buf, {})
  end
end

--- The server has gone, and with it whoever took the answers.
---@param buf integer
function M.detach(buf)
  takers[buf], waiting[buf] = nil, nil
end

return M
