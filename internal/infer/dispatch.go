package infer

import (
	"strings"

	"github.com/wadjet-security/wadjet/internal/model"
)

// hooks are the methods of the standard library that call other methods of their object, which subclasses define: a thread
// that starts runs, a parser that is fed reports what it found. No signature says so. A name that ends in a star stands for all that begin like
// it, which the library makes up at run time from its input; one that begins with > is a method of the first argument.
var hooks = map[string][]string{
	"threading.Thread.start":                                {"run"},
	"multiprocessing.process.BaseProcess.start":             {"run"},
	"html.parser.HTMLParser.feed":                           {"handle_*", "unknown_decl"},
	"html.parser.HTMLParser.close":                          {"handle_*"},
	"ast.NodeVisitor.visit":                                 {"visit_*", "generic_visit"},
	"ast.NodeVisitor.generic_visit":                         {"visit", "visit_*"},
	"ast.NodeTransformer.generic_visit":                     {"visit", "visit_*"},
	"cmd.Cmd.onecmd":                                        {"do_*", "default", "emptyline", "parseline"},
	"cmd.Cmd.cmdloop":                                       {"do_*", "default", "emptyline", "onecmd", "precmd", "postcmd", "preloop", "postloop"},
	"json.JSONEncoder.encode":                               {"default", "iterencode"},
	"json.JSONEncoder.iterencode":                           {"default"},
	"logging.Handler.handle":                                {"emit", "filter"},
	"logging.Handler.format":                                {"format"},
	"logging.Formatter.format":                              {"formatTime", "formatException", "formatStack", "formatMessage", "usesTime"},
	"socketserver.TCPServer.__init__":                       {"server_bind", "server_activate"},
	"socketserver.BaseServer.handle_request":                {"get_request", "verify_request", "process_request", "finish_request", "shutdown_request", "handle_error", "handle_timeout"},
	"socketserver.BaseServer.serve_forever":                 {"get_request", "verify_request", "process_request", "finish_request", "shutdown_request", "handle_error", "service_actions"},
	"socketserver.BaseRequestHandler.__init__":              {"setup", "handle", "finish"},
	"http.server.BaseHTTPRequestHandler.handle":             {"handle_one_request", "do_*"},
	"http.server.BaseHTTPRequestHandler.handle_one_request": {"do_*", "parse_request"},
	"http.server.BaseHTTPRequestHandler.send_response":      {"log_request", "send_header", "send_response_only", "version_string", "date_time_string"},
	"http.server.BaseHTTPRequestHandler.log_request":        {"log_message"},
	"http.server.BaseHTTPRequestHandler.log_error":          {"log_message"},
	"string.Formatter.format":                               {"vformat", "get_value", "get_field", "format_field", "convert_field", "check_unused_args", "parse"},
	"string.Formatter.vformat":                              {"get_value", "get_field", "format_field", "convert_field", "check_unused_args", "parse"},
	"unittest.TestCase.run":                                 {"setUp", "tearDown", "test*"},
	"unittest.TestCase.debug":                               {"setUp", "tearDown", "test*"},
	"pickle.Pickler.dump":                                   {"persistent_id", "reducer_override"},
	"pickle.Unpickler.load":                                 {"persistent_load", "find_class"},
	"queue.Queue.put":                                       {"_put", "_qsize"},
	"queue.Queue.get":                                       {"_get", "_qsize"},
	"queue.Queue.__init__":                                  {"_init"},
	"argparse.ArgumentParser.parse_args":                    {"error", "parse_known_args", "convert_arg_line_to_args", "exit"},
	"configparser.RawConfigParser.get":                      {"optionxform"},
	"code.InteractiveInterpreter.runsource":                 {"runcode", "showsyntaxerror"},
	"code.InteractiveConsole.interact":                      {"raw_input", "push", "write", "runsource"},
	"code.InteractiveConsole.push":                          {"runsource"},
	// Mixins of collections.abc: all that they do is to call what subclasses define.
	"collections.abc.Mapping.get":               {"__getitem__"},
	"collections.abc.Mapping.__contains__":      {"__getitem__"},
	"collections.abc.Mapping.__eq__":            {"__iter__", "__getitem__"},
	"collections.abc.Mapping.items":             {"__iter__", "__getitem__", "__len__"},
	"collections.abc.Mapping.values":            {"__iter__", "__getitem__", "__len__"},
	"collections.abc.Mapping.keys":              {"__iter__", "__len__"},
	"collections.abc.MutableMapping.pop":        {"__getitem__", "__delitem__"},
	"collections.abc.MutableMapping.popitem":    {"__iter__", "__getitem__", "__delitem__"},
	"collections.abc.MutableMapping.clear":      {"popitem", "__iter__", "__getitem__", "__delitem__"},
	"collections.abc.MutableMapping.update":     {"__setitem__"},
	"collections.abc.MutableMapping.setdefault": {"__getitem__", "__setitem__"},
	"collections.UserDict.__init__":             {"update", "__setitem__"},
	"collections.UserDict.get":                  {"__getitem__"},
	"collections.UserDict.__getitem__":          {"__missing__"},
	"collections.UserDict.setdefault":           {"__getitem__", "__setitem__"},
	"collections.UserDict.update":               {"__setitem__"},
	"collections.abc.Sequence.__contains__":     {"__getitem__"},
	"collections.abc.Sequence.__iter__":         {"__getitem__"},
	"collections.abc.Sequence.__reversed__":     {"__len__", "__getitem__"},
	"collections.abc.Sequence.index":            {"__getitem__"},
	"collections.abc.Sequence.count":            {"__getitem__"},
	"collections.abc.MutableSequence.append":    {"insert", "__len__"},
	"collections.abc.MutableSequence.extend":    {"append", "insert", "__len__"},
	"collections.abc.MutableSequence.__iadd__":  {"extend", "append", "insert", "__len__"},
	"collections.abc.MutableSequence.pop":       {"__getitem__", "__delitem__"},
	"collections.abc.MutableSequence.remove":    {"index", "__getitem__", "__delitem__"},
	"collections.abc.MutableSequence.clear":     {"pop", "__getitem__", "__delitem__"},
	"collections.abc.MutableSequence.reverse":   {"__len__", "__getitem__", "__setitem__"},
	"collections.abc.Set.__le__":                {"__len__", "__iter__", ">__len__", ">__contains__"},
	"collections.abc.Set.__lt__":                {"__len__", "__le__", "__iter__", ">__len__", ">__contains__"},
	"collections.abc.Set.__ge__":                {"__len__", "__contains__", ">__len__", ">__iter__"},
	"collections.abc.Set.__gt__":                {"__len__", "__ge__", "__contains__", ">__len__", ">__iter__"},
	"collections.abc.Set.__eq__":                {"__len__", "__le__", "__iter__", ">__len__", ">__contains__"},
	"collections.abc.Set.__and__":               {"__contains__", "_from_iterable", ">__iter__"},
	"collections.abc.Set.__rand__":              {"__contains__", "_from_iterable", ">__iter__"},
	"collections.abc.Set.__or__":                {"__iter__", "_from_iterable", ">__iter__"},
	"collections.abc.Set.__ror__":               {"__iter__", "_from_iterable", ">__iter__"},
	"collections.abc.Set.__sub__":               {"__iter__", "_from_iterable", ">__contains__"},
	"collections.abc.Set.__rsub__":              {"__contains__", "_from_iterable", ">__iter__"},
	"collections.abc.Set.__xor__":               {"__iter__", "__contains__", "_from_iterable", ">__iter__", ">__contains__"},
	"collections.abc.Set.__rxor__":              {"__iter__", "__contains__", "_from_iterable", ">__iter__", ">__contains__"},
	"collections.abc.Set._hash":                 {"__len__", "__iter__"},
	"collections.abc.Set.isdisjoint":            {"__contains__", ">__iter__"},
	"collections.abc.MutableSet.remove":         {"__contains__", "discard"},
	"collections.abc.MutableSet.pop":            {"__iter__", "discard"},
	"collections.abc.MutableSet.clear":          {"pop", "__iter__", "discard"},
	"collections.abc.MutableSet.__ior__":        {"add", ">__iter__"},
	"collections.abc.MutableSet.__iand__":       {"discard", "__iter__", "__contains__", ">__contains__"},
	"collections.abc.MutableSet.__ixor__":       {"add", "discard", "__contains__", ">__iter__"},
	"collections.abc.MutableSet.__isub__":       {"discard", ">__iter__"},
	"collections.abc.Generator.__next__":        {"send"},
	"collections.abc.Generator.close":           {"throw"},
	"_io._IOBase.__exit__":                      {"close"},
	"_io._IOBase.__next__":                      {"readline"},
	"_io._IOBase.readline":                      {"read"},
	"_io._IOBase.readlines":                     {"__next__", "readline"},
	"_io._IOBase.writelines":                    {"write"},
	"_io._RawIOBase.read":                       {"readinto"},
	"_io._RawIOBase.readall":                    {"read", "readinto"},
	"contextlib.ContextDecorator.__call__":      {"_recreate_cm"},
	"importlib.abc.Loader.load_module":          {"exec_module"},
	"importlib.abc.InspectLoader.exec_module":   {"get_code"},
	"xml.sax.xmlreader.IncrementalParser.parse": {"prepareParser", "feed", "close"},
	"optparse.OptionParser.parse_args":          {"error", "check_values", "exit"},
	"gettext.NullTranslations.__init__":         {"_parse"},
	"concurrent.futures.Executor.__exit__":      {"shutdown"},
	"unittest.TestLoader.loadTestsFromModule":   {"loadTestsFromTestCase"},
	"selectors.BaseSelector.__exit__":           {"close"},
	"selectors.BaseSelector.modify":             {"unregister", "register"},
	"tokenize.Untokenizer.untokenize":           {"add_whitespace", "compat"},
	"bdb.Bdb.trace_dispatch":                    {"dispatch_*", "user_*"},
	"bdb.Bdb.dispatch_line":                     {"user_line", "stop_here", "break_here"},
	"bdb.Bdb.dispatch_call":                     {"user_call", "stop_here", "break_anywhere"},
	"bdb.Bdb.dispatch_return":                   {"user_return", "stop_here"},
	"bdb.Bdb.dispatch_exception":                {"user_exception", "stop_here"},
}

// callHooks calls the methods that a method of the standard library calls on its object, where the tree defines them.
func (s *solver) callHooks(st site, sym *model.Symbol, self fact, a *args) {
	if self == 0 {
		return
	}
	s.callWrapped(st, sym, self, a)
	o := &s.objects[self]
	if o.kind != kInst || !s.isTree(o.a) {
		return
	}
	class := o.a
	for _, name := range hooks[sym.Name] {
		if other, ok := strings.CutPrefix(name, ">"); ok {
			s.attrs = append(s.attrs, attrCtx{site: st, name: other})
			s.link(s.nodeOf(firstArg(a)), 0, eManage, uint32(len(s.attrs)-1))
			continue
		}
		prefix, open := strings.CutSuffix(name, "*")
		if !open {
			s.callHook(st, sym, class, self, name, a)
			continue
		}
		done := map[string]bool{}
		for _, k := range s.mroOf(class) {
			for _, m := range s.assigned(k) {
				if strings.HasPrefix(m, prefix) && !done[m] {
					done[m] = true
					s.callHook(st, sym, class, self, m, a)
				}
			}
		}
	}
}

// callHook calls one, with arguments of the types that the library declares for it; one that the caller has too, by name, is that.
func (s *solver) callHook(st site, caller *model.Symbol, class uint32, self fact, name string, a *args) {
	if !s.treeMethod(self, name) {
		return
	}
	b := &args{}
	if owner := s.ownerOf(caller); owner != nil {
		if m := s.l.Member(owner, name); m != nil && len(m.Sigs) > 0 {
			given := map[string]pos{}
			if len(caller.Sigs) > 0 {
				each(s.overload(caller, a), a, func(p *model.Param, x pos) { given[p.Name] = x })
			}
			bind := &binder{self: self, owner: s.ownerOf(m), site: st}
			for _, p := range m.Sigs[0].Params {
				if p.Kind > model.PosOrKw || p.Optional {
					break
				}
				if x, ok := given[p.Name]; ok {
					b.pos = append(b.pos, x)
					continue
				}
				n := s.newNode(0)
				s.instantiate(p.Type, bind, n)
				b.pos = append(b.pos, pos{n: n})
			}
		}
	}
	s.method(st, self, name, b, 0)
}
