-- `:checkhealth pilotfish`.

---@section pilotfish-trouble When something is wrong
--- `:checkhealth pilotfish` looks at Neovim, at the server and, with the server's
--- own doctor, at settings, index and models. `:Pilotfish explain` says why there
--- was no ghost text.

local clients = require("pilotfish.client")
local server = require("pilotfish.server")
local health = vim.health

local M = {}

local DOCTOR_MS = 30000

---@type table<string, fun(text: string, advice?: string[])>
local SAY = { good = health.ok, note = health.info, warning = health.warn, problem = health.error }

---@return boolean is_new_enough
local function check_editor()
  health.start("pilotfish: Neovim")
  local version = tostring(vim.version())
  if vim.fn.has("nvim-0.11") == 0 then
    health.error(("pilotfish needs Neovim 0.11 or newer; this is %s, so it stays off"):format(version))
    return false
  end
  if vim.lsp.inline_completion then
    health.ok(("Neovim %s draws ghost text itself"):format(version))
  else
    health.ok(("Neovim %s; the plugin draws the ghost text"):format(version))
  end
  if vim.lsp.is_enabled(clients.NAME) then
    health.ok("it is enabled")
  else
    health.error("it is not enabled", { 'Put this into your init.lua: vim.lsp.enable("pilotfish")' })
  end
  return true
end

---@return boolean is_found
local function check_server()
  health.start("pilotfish: server")
  local line = server.command_line("--version")
  if not line or vim.fn.executable(line[1] or "") == 0 then
    health.error("the server is not on this machine", { server.how_to_get() })
    return false
  end
  local done = vim.system(line, { text = true }):wait(DOCTOR_MS)
  if done.code ~= 0 then
    health.error(("%s does not run"):format(line[1]), { vim.trim(done.stderr), server.how_to_get() })
    return false
  end
  local version = done.stdout:match("%d+%.%d+%S*")
  local fault = server.too_old({ version = version })
  if fault then
    health.error(("%s: %s"):format(line[1], fault))
    return false
  end
  health.ok(("%s, version %s"):format(line[1], version))
  for _, client in ipairs(clients.all()) do
    local where = client.root_dir or "no workspace"
    local count = vim.tbl_count(client.attached_buffers)
    health.ok(("running for %s, %d buffer%s"):format(where, count, count == 1 and "" or "s"))
  end
  if #clients.all() == 0 then
    health.info("none is running: no buffer of a file is open")
  end
  return true
end

local function check_doctor()
  health.start("pilotfish: doctor")
  local client = clients.all()[1]
  local where = client and client.root_dir or vim.uv.cwd()
  local done =
    vim.system(server.command_line("doctor", "--json", "-"), { text = true, cwd = where }):wait(DOCTOR_MS)
  local is_read, report = pcall(vim.json.decode, done.stdout)
  if not is_read then
    return health.error("the doctor has not answered", { vim.trim(done.stderr or "") })
  end
  for _, finding in ipairs(report.findings) do
    SAY[finding.level](
      ("%s: %s"):format(finding.check, finding.text),
      finding.action ~= "" and { finding.action } or nil
    )
  end
end

--- Look at everything that has to be right.
function M.check()
  if check_editor() and check_server() then
    check_doctor()
  end
end

return M
