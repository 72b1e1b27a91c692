-- Asks the server for ghost text: one question a buffer, the newest; an answer for another place is dropped.
local clients = require("pilotfish.client")
local menu = require("pilotfish.ghost.menu")
local painter = require("pilotfish.ghost.painter")
local places = require("pilotfish.ghost.place")

local M = {}

M.INVOKED, M.AUTOMATIC = 1, 2

---@type table<integer, integer> by buffer: the request that is being answered
local asked = {}

--- Nobody waits for the answer any more.
---@param buf integer
function M.cancel(buf)
  local client = clients.of(buf)
  if asked[buf] and client then
    client:cancel_request(asked[buf])
  end
  asked[buf] = nil
end

--- Ask for what goes on at the cursor.
---@param buf integer the current one
---@param kind integer
---@param answered fun(result: lsp.InlineCompletionList, client: vim.lsp.Client)
function M.ask(buf, kind, answered)
  M.cancel(buf)
  local client = clients.of(buf)
  if not client then
    return
  end
  local place = places.here(buf)
  local params = vim.lsp.util.make_position_params(0, client.offset_encoding)
  params.context = { triggerKind = kind, selectedCompletionInfo = menu.selected(client) }
  local is_sent, request
  is_sent, request = painter.request(client, "textDocument/inlineCompletion", params, function(err, result)
    if not request or asked[buf] ~= request then
      return
    end
    asked[buf] = nil
    -- Null is the answer to a question that a newer one has overtaken.
    if not err and result and result ~= vim.NIL and places.is_wanted(buf) and places.here(buf) == place then
      answered(result, client)
    end
  end, buf)
  asked[buf] = is_sent and request or nil
end

return M
