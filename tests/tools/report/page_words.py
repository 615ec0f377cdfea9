"""Words that a hostile library puts into its names."""

WORDS = [
    "</script><script>window.evil=1</script>",
    '</style></title></svg><img src=http://127.0.0.1:9/x onerror="window.evil=1">',
    "\"'><iframe srcdoc='<script>parent.evil=1</script>'>",
    "' onmouseover='window.evil=1' autofocus onfocus='window.evil=1",
    "javascript:window.evil=1//",
    "<!--",
    "]]><![CDATA[",
    "&lt;b&gt;&amp;",
    "\u202eEVIL\u2066\x00\n\r\x1b[31m",
    "{{7*7}}${window.evil=1}`x`",
]
