# settings.awk - the list of settings in latchkey.conf(5), from what the programs print.
#
#	awk -f settings.awk LIST PAGE
#
# LIST is what "--settings" of the programs prints.  In PAGE, "@settings PREFIX" becomes the
# settings below PREFIX, "house" those below none; what stands between "@more NAME" and the
# next "@" line is put behind what the table says of that setting.

BEGIN {
	FS = "\t"
	kinds["text"] = "Text"
	kinds["number"] = "A number"
	kinds["true or false"] = "True or false"
	kinds["word"] = "One word"
	kinds["words"] = "A list of words"
	kinds["texts"] = "A list of texts"
	kinds["group"] = "A group"
	kinds["list of groups"] = "A list of groups"
}

function fail(why) {
	print FILENAME ": " FNR ": " why >"/dev/stderr"
	failed = 1
	exit 1
}

# As mdoc has it.
function plain(text) {
	gsub(/\\/, "\\e", text)
	gsub(/"/, "\\(dq", text)
	return text
}

function sentence(text) {
	text = toupper(substr(text, 1, 1)) substr(text, 2)
	return text ~ /\.$/ ? text : text "."
}

function folded(text,    words, n, i, line) {
	n = split(text, words, " ")
	line = words[1]
	for (i = 2; i <= n; i++) {
		if (length(line) + 1 + length(words[i]) > 78) {
			print line
			line = words[i]
		} else
			line = line " " words[i]
	}
	print line
}

function section(name) {
	return name ~ /^(portal|keeper|registrar|courier)\./ ? substr(name, 1, index(name, ".") - 1) : \
	    "house"
}

function default_of(name,    kind) {
	kind = kind_of[name]
	if (fallback[name] == "(has to be set)")
		return "; it has to be set."
	if (kind ~ /group/)
		return "."
	if (fallback[name] == "")
		return kind ~ /^A list/ ? "; none by default." : "; empty by default."
	return ";\n.Ql " plain(fallback[name]) "\nby default."
}

function tell(name,    what) {
	print ".It Va " name
	folded(plain(sentence(help[name])))
	what = kind_of[name]
	if (range[name] != "")
		what = what (what ~ /word/ ? " of " : ", ") range[name]
	print what default_of(name)
	printf "%s", more[name]
	told[name] = 1
}

# ---- The list -----------------------------------------------------------------------------

NR == FNR {
	if ($1 in help)
		next
	if (!($2 in kinds))
		fail("a kind of setting that is not known here: " $2)
	names[++n_names] = $1
	kind_of[$1] = kinds[$2]
	range[$1] = $3
	fallback[$1] = $4
	help[$1] = $5
	next
}

# ---- The page: what there is more to say first, as it stands behind the place ---------------

/^@settings / {
	page[++n_lines] = $0
	adding = ""
	next
}

/^@more / {
	adding = substr($0, 7)
	if (!(adding in help))
		fail("no program has the setting " adding)
	next
}

/^@end$/ {
	adding = ""
	next
}

/^@/ {
	fail("not understood: " $0)
}

adding != "" {
	more[adding] = more[adding] $0 "\n"
	next
}

{
	page[++n_lines] = $0
}

END {
	if (failed)
		exit 1
	for (i = 1; i <= n_lines; i++) {
		if (page[i] !~ /^@settings /) {
			print page[i]
			continue
		}
		print ".Bl -tag -width Ds"
		for (j = 1; j <= n_names; j++)
			if (section(names[j]) == substr(page[i], 11))
				tell(names[j])
		print ".El"
	}
	for (j = 1; j <= n_names; j++)
		if (!(names[j] in told))
			fail("the page has no place for " names[j])
}
