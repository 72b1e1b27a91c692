-- Neovim sends a server, when it asks for code actions, only the diagnostics that came from that same server.
-- Ours has none: it mends what others find. So all of them are sent along.
local M = {}

local METHOD = "textDocument/codeAction"

--- The diagnostics that touch a range, as the protocol has them.
---@param buf integer
---@param range lsp.Range
---@param encoding string the client's
---@return lsp.Diagnostic[]
local function touching(buf, range, encoding)
  local found = {}
  for _, each in ipairs(vim.diagnostic.get(buf)) do
    local last = each.end_lnum or each.lnum
    if
      each.lnum <= range["end"].line
      and last >= range.start.line
      and last < vim.api.nvim_buf_line_count(buf)
    then
      local function position(row, col)
        local line = vim.api.nvim_buf_get_lines(buf, row, row + 1, false)[1] or ""
        return { line = row, character = vim.str_utfindex(line, encoding, math.min(col, #line)) }
      end
      table.insert(found, {
        range = {
          start = position(each.lnum, each.col),
          ["end"] = position(last, each.end_col or each.col),
        },
        severity = each.severity,
        message = each.message,
        source = each.source,
        code = each.code,
      })
    end
  end
  return found
end

---@type table<vim.lsp.Client, true> those that send them already
local sharing = setmetatable({}, { __mode = "k" })

--- Send them with each question of this client.
---@param client vim.lsp.Client
function M.share(client)
  if sharing[client] then
    return
  end
  sharing[client] = true
  local request = client.request
  client.request = function(self, method, params, handler, bufnr)
    if method == METHOD and #params.context.diagnostics == 0 then
      local buf = vim.uri_to_bufnr(params.textDocument.uri)
      params.context.diagnostics = touching(buf, params.range, client.offset_encoding)
    end
    return request(self, method, params, handler, bufnr)
  end
end

return M
