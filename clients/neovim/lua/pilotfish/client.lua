-- The connection to the server, as the rest of the plugin sees it.
local M = {}

M.NAME = "pilotfish"

--- The client that serves a buffer.
---@param buf? integer the current one where it is left out
---@return vim.lsp.Client?
function M.of(buf)
  return vim.lsp.get_clients({ name = M.NAME, bufnr = buf or 0 })[1]
end

--- All of them: one for each workspace.
---@return vim.lsp.Client[]
function M.all()
  return vim.lsp.get_clients({ name = M.NAME })
end

--- Have the server run one of its commands.
---@param client vim.lsp.Client
---@param command string
---@param arguments? any[]
---@param done? fun(is_well: boolean) of what went wrong, the user has been told
function M.execute(client, command, arguments, done)
  local params = { command = command, arguments = arguments }
  client:request("workspace/executeCommand", params, function(err)
    if err and err.code ~= vim.lsp.protocol.ErrorCodes.RequestCancelled then
      M.say(err.message, vim.log.levels.WARN)
    end
    if done then
      done(err == nil)
    end
  end)
end

--- Tell the user something.
---@param text string
---@param level? integer
function M.say(text, level)
  vim.notify("pilotfish: " .. text, level or vim.log.levels.INFO)
end

return M
