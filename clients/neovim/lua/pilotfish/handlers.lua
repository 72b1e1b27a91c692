-- What the server asks of the editor and tells it, beyond the protocol.

---@type table<string, lsp.Handler>
return {
  ["pilotfish/didChangeStatus"] = function(_, status, context)
    require("pilotfish.status").changed(context.client_id, status)
  end,
  ["pilotfish/edit/preview"] = function(_, preview, context)
    require("pilotfish.preview").changed(preview, context.client_id)
  end,
  ["pilotfish/ask"] = function(_, params)
    return require("pilotfish.edit").ask(params.question)
  end,
  ["window/showDocument"] = function(err, params, context)
    local path = not params.external and vim.startswith(params.uri, "file:") and vim.uri_to_fname(params.uri)
    if path and path:match("%.md$") then
      require("pilotfish.page").show_file(path, context.client_id)
      return { success = true }
    end
    return vim.lsp.handlers["window/showDocument"](err, params, context)
  end,
}
