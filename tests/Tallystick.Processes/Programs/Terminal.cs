namespace Tallystick.Processes.Programs;

/// <summary>The program on a real terminal, which script(1) provides.</summary>
internal static class Terminal
{
    public static ProgramProcess Run(params string[] arguments)
    {
        var script = ((string[])["/usr/bin/script", "/bin/script"]).FirstOrDefault(File.Exists);
        Assert.SkipWhen(
            script is null, "script(1) of util-linux is not here, and a terminal cannot be had without it.");
        return ProgramProcess.Start(
            script,
            ["-qefc", Tally.CommandLine(arguments), "/dev/null"],
            new Dictionary<string, string?>
            {
                ["TERM"] = "xterm-256color",
                ["LC_ALL"] = "C.UTF-8",
                ["NO_COLOR"] = null,
            });
    }
}
