using System.Text.Json;
using Tallystick.Cli.Flags;

namespace Tallystick.Cli.Tests.Flags;

public sealed class PlainLineTests
{
    private static readonly string[] Typed =
    [
        "pay", "5", "-5", "@bob", "a=b", "", "-", "--", "[x]", "tallystick", "--force", "--nmae", "-h", "-x", "--json",
        "--name", "--peer", "--name=a", "--json=true", "--help", "--version",
    ];

    [Fact]
    public void It_means_what_the_full_reader_says_or_leaves_the_line_to_that()
    {
        var taken = 0;
        foreach (var line in LinesOf(3))
        {
            if (PlainLine.Read(line, _ => null) is not { } plain)
                continue;
            taken++;
            Assert.Equal(Shown(FullLine.Read(line, _ => null)), Shown(plain));
        }
        Assert.InRange(taken, 300, 9_000);
    }

    [Fact]
    public void Every_flag_is_read_as_the_full_reader_reads_it()
    {
        foreach (var flag in FlagTable.All)
        {
            string[] value = flag.Kind == FlagKind.Switch ? [] : ["x y"];
            string[] more = flag.Kind == FlagKind.List ? [flag.Name, "z"] : [];
            foreach (var line in (string[][])[
                [flag.Name, .. value, "pay", .. more], ["pay", flag.Name, .. value, .. more, "bob"], [flag.Name, "z"]])
            {
                Assert.Equal(Shown(FullLine.Read(line, _ => null)), Shown(PlainLine.Read(line, _ => null)!));
            }
        }
    }

    [Fact]
    public void Both_ask_the_environment_for_the_same()
    {
        var (plain, full) = (new List<string>(), new List<string>());
        var read = PlainLine.Read(["pay", "--name", "a"], Ask(plain))!;
        Assert.Equal(Shown(FullLine.Read(["pay", "--name", "a"], Ask(full))), Shown(read));
        Assert.Equal(full, plain);
        Assert.Equal(("a", "data", true), (read.Flags.Name, read.Flags.Data, read.Flags.Json));

        static Func<string, string?> Ask(List<string> asked) => name =>
        {
            asked.Add(name);
            return name switch { "TALLYSTICK_DATA" => "data", "TALLYSTICK_JSON" => "yes", _ => null };
        };
    }

    private static IEnumerable<string[]> LinesOf(int most)
    {
        IEnumerable<string[]> lines = [[]];
        for (var length = 0; length <= most; length++)
        {
            foreach (var line in lines)
                yield return line;
            lines = lines.SelectMany(line => Typed.Select(word => (string[])[.. line, word]));
        }
    }

    private static string Shown(CommandLine line) => JsonSerializer.Serialize(line);
}
