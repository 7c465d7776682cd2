using Tallystick.Core.Pages;
using Tallystick.Fuzz.Inputs;
using Tallystick.Fuzz.Targets;

namespace Tallystick.Fuzz.Tests;

/// <summary>The fuzzer finds what is planted, with far fewer inputs than a run of CI has.</summary>
public sealed class FuzzerTests
{
    private const long MostInputs = 300_000;
    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(60);

    private static readonly Dictionary<string, Func<byte[], Decoded>> Planted = new()
    {
        ["throws at a number that ends in 77"] = bytes =>
            PageCodec.TryDecode(bytes, out var page, out _) && (page.Page.Number & 0xff) == 77
                ? throw new InvalidOperationException()
                : CodecTarget.DecodePage(bytes),
        ["takes a byte after the end"] = bytes =>
            bytes.Length > 1 && PageCodec.TryDecode(bytes.AsMemory(0, bytes.Length - 1), out var page, out _)
                ? Again(page.Page)
                : CodecTarget.DecodePage(bytes),
        ["forgets a time that ends in 77"] = bytes => PageCodec.TryDecode(bytes, out var page, out var refusal)
            ? Again((page.Page.TimeMs & 0xff) != 77 ? page.Page : page.Page with { TimeMs = 0 })
            : new Decoded(null, refusal, string.Empty),
        ["allocates what a byte claims"] = bytes =>
        {
            GC.KeepAlive(new byte[bytes.Length > 3 && bytes[3] == 0xff ? 4_000_000 : 0]);
            return CodecTarget.DecodePage(bytes);
        },
        ["takes its time at an author of 2"] = bytes =>
        {
            if (bytes.Length > 42 && bytes[42] == 2)
                Thread.Sleep(200);
            return CodecTarget.DecodePage(bytes);
        },
        ["refuses without a reason"] = bytes => bytes.Length == 0 ? default : CodecTarget.DecodePage(bytes),
    };

    public static TheoryData<string> PlantedNames => [.. Planted.Keys];

    [Theory]
    [MemberData(nameof(PlantedNames))]
    public void A_decoder_with_a_planted_fault_is_found(string fault)
    {
        var target = new CodecTarget(
            "page", Planted[fault], Corpus.Vectors("pages.json"),
            any => PageCodec.Encode(any.Page()).Bytes.ToArray());
        var fuzzer = new Fuzzer(target, seed: 1, mostMs: 150);
        Assert.Null(fuzzer.Begin());
        Assert.NotNull(fuzzer.Continue(MostTime, MostInputs));
    }

    [Fact]
    public void Codecs_rules_the_loop_and_the_grammar_only_refuse()
    {
        Target[] targets =
        [
            CodecTarget.Line(), CodecTarget.Page(), CodecTarget.Hello(), CodecTarget.Greeting(), CodecTarget.Fault(),
            new FrameTarget(), new RelayTarget(), new DnsTarget(),
            new JudgementTarget(), new TabLoopTarget(), new CommandTarget(),
        ];
        foreach (var target in targets)
        {
            var fuzzer = new Fuzzer(target, seed: 7);
            Assert.Null(fuzzer.Begin() ?? fuzzer.Continue(MostTime, mostInputs: 300));
            Assert.True(fuzzer.Course.Words > 1, $"Whatever {target.Name} is given, it says the same.");
        }
    }

    private static Decoded Again(Page page) => new(PageCodec.Encode(page).Bytes.ToArray(), null, string.Empty);
}
