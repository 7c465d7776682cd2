using System.Collections.Immutable;
using Tallystick.Core.Identity;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;
using Tallystick.Core.Wire;

namespace Tallystick.Core.Tests.Pages;

public sealed class PageFormTests
{
    private const long TwoTo53 = 1L << 53;
    private static readonly string TooLong = new('x', 257);
    private static readonly string Long129 = new('x', 129);

    public static TheoryData<string, LineKind, Action<CanonicalWriter>> LinesBeyondABound => new()
    {
        { "amount 0", LineKind.Pay, w => { w.Integer(0); w.Text(""); } },
        { "amount 2^53", LineKind.Pay, w => { w.Integer(TwoTo53); w.Text(""); } },
        { "amount 2^63-1", LineKind.Pay, w => { w.Integer(long.MaxValue); w.Text(""); } },
        { "memo of 257 bytes", LineKind.Pay, w => { w.Integer(1); w.Text(TooLong); } },
        { "limit 2^53", LineKind.Limit, w => w.Integer(TwoTo53 + 1) },
        { "method of 129 bytes", LineKind.Propose, w => { w.Flag(true); w.Integer(1); w.Text(Long129); w.Text(""); } },
        { "reference of 129", LineKind.Propose, w => { w.Flag(true); w.Integer(1); w.Text(""); w.Text(Long129); } },
        { "modified amount 0", LineKind.Modify, w => { Ref(w, 1, 0); w.Integer(0); w.Text(""); w.Text(""); } },
        { "modified page 2^53", LineKind.Modify, w => { Ref(w, TwoTo53, 0); w.Integer(1); w.Text(""); w.Text(""); } },
        { "withdrawn page 2^53", LineKind.Withdraw, w => Ref(w, TwoTo53, 0) },
        { "accepted line 1024", LineKind.Accept, w => Ref(w, 1, 1024) },
        { "received line 2^32", LineKind.Received, w => Ref(w, 1, 1L << 32) },
        { "reason of 257 bytes", LineKind.Dispute, w => { Ref(w, 1, 0); w.Text(TooLong); } },
        { "no lock", LineKind.Hold, w => { w.Integer(1); w.Integer(0); w.Integer(0); w.Integer(0); } },
        { "three locks", LineKind.Hold, w => { w.Integer(1); Hashes(w, 3); w.Integer(0); w.Integer(0); } },
        { "hold of 0", LineKind.Hold, w => { w.Integer(0); Hashes(w, 1); w.Integer(0); w.Integer(0); } },
        { "2049 of data", LineKind.Hold, w => { w.Integer(1); Hashes(w, 1); w.Bytes(new byte[2049]); w.Integer(0); } },
        { "fulfilled page 2^53", LineKind.Fulfil, w => { Ref(w, TwoTo53, 0); Hashes(w, 1); } },
        { "release reason of 257 bytes", LineKind.Release, w => { Ref(w, 1, 0); w.Text(TooLong); } },
        { "version 0", LineKind.Version, w => w.Integer(0) },
        { "version 1000001", LineKind.Version, w => w.Integer(PageBounds.MaxVersion + 1) },
    };

    [Theory]
    [MemberData(nameof(LinesBeyondABound))]
    public void A_line_beyond_a_bound_is_decoded_encoded_alike_and_refused(
        string what, LineKind kind, Action<CanonicalWriter> fields)
    {
        var body = new CanonicalWriter(64);
        body.RequestId(Samples.Request);
        fields(body);
        var sent = new OutOfBoundsLine(Samples.Request, (int)kind, [.. body.Finish()]);
        var bytes = PageCodec.Encode(Samples.Page(sent)).Bytes;

        Assert.True(PageCodec.TryDecode(bytes, out var page, out var refusal), refusal?.Text);
        Assert.Equal(sent, Assert.Single(page.Page.Lines));
        Assert.Equal(Samples.Page().Seen, page.Page.Seen);
        Assert.True(PageCodec.Encode(page.Page).Bytes.Span.SequenceEqual(bytes.Span), what);
        Assert.Equal("out-of-bounds", PageForm.Check(page)?.Why.Name);
    }

    public static TheoryData<string, Page> PagesBeyondABound => new()
    {
        { "number 0", Samples.Page() with { Number = 0 } },
        { "number 2^53", Samples.Page() with { Number = TwoTo53 } },
        { "seen 2^53", Samples.Page() with { Seen = new Head(TwoTo53, default) } },
        { "1025 lines", Samples.Page([.. Enumerable.Repeat(Samples.EveryLine[0], 1025)]) },
        { "128 KiB and more", Samples.Page(Large(PageBounds.MaxPageBytes)) },
    };

    [Theory]
    [MemberData(nameof(PagesBeyondABound))]
    public void A_page_beyond_a_bound_is_decoded_and_refused(string what, Page page)
    {
        Assert.True(PageCodec.TryDecode(PageCodec.Encode(page).Bytes, out var decoded, out _), what);
        Assert.Equal("out-of-bounds", PageForm.Check(decoded)?.Why.Name);
    }

    [Fact]
    public void A_page_of_exactly_the_largest_size_is_fine_and_a_far_larger_one_is_not_read()
    {
        var empty = PageCodec.Encode(Samples.Page(Large(100_000))).Bytes.Length - 100_000;
        var full = PageCodec.Encode(Samples.Page(Large(PageBounds.MaxPageBytes - empty)));
        Assert.Equal(PageBounds.MaxPageBytes, full.Bytes.Length);
        Assert.Null(PageForm.Check(full));

        var huge = PageCodec.Encode(Samples.Page(Large(PageCodec.MaxReadableBytes)));
        Assert.False(PageCodec.TryDecode(huge.Bytes, out _, out var refusal));
        Assert.Equal("bad-encoding", refusal.Why.Name);
    }

    public static TheoryData<string, Line> OwnLinesBeyondABound => new()
    {
        { "no amount", new PayLine(Samples.Request, default, "") },
        { "long memo", new PayLine(Samples.Request, Amount.FromUnits(1), TooLong) },
        { "half a character", new PayLine(Samples.Request, Amount.FromUnits(1), "a\ud83c") },
        { "negative line", new AcceptLine(Samples.Request, new Ref(1, -1)) },
        { "negative page", new WithdrawLine(Samples.Request, new Ref(-1, 0)) },
        { "three locks", new HoldLine(Samples.Request, Amount.FromUnits(1), [default, default, default], [], 0) },
        { "negative time", new HoldLine(Samples.Request, Amount.FromUnits(1), [default], [], -1) },
        { "version 0", new VersionLine(Samples.Request, 0) },
    };

    [Theory]
    [MemberData(nameof(OwnLinesBeyondABound))]
    public void An_own_line_beyond_a_bound_is_refused_before_it_is_written(string what, Line line) =>
        Assert.True(PageForm.Check(line)?.Why.Name == "out-of-bounds", what);

    [Theory]
    [InlineData("memo has 257 bytes")]
    [InlineData("method has 129 bytes")]
    [InlineData("reference has 129 bytes")]
    [InlineData("reason has 257 bytes")]
    [InlineData("amount is 0")]
    [InlineData("at 1.-1")]
    [InlineData("memo holds half of a character")]
    [InlineData("3 locks")]
    [InlineData("2049 bytes")]
    [InlineData("time -1")]
    [InlineData("version 0")]
    [InlineData("value in a Pay line")]
    public void The_sentence_names_what_is_beyond_its_bound(string named)
    {
        var amount = Amount.FromUnits(1);
        Line[] lines =
        [
            new PayLine(Samples.Request, amount, TooLong),
            new ProposeLine(Samples.Request, true, amount, Long129, ""),
            new ModifyLine(Samples.Request, new Ref(1, 0), amount, "", Long129),
            new DisputeLine(Samples.Request, new Ref(1, 0), TooLong),
            new PayLine(Samples.Request, default, ""),
            new AcceptLine(Samples.Request, new Ref(1, -1)),
            new PayLine(Samples.Request, amount, "a\ud83c"),
            new HoldLine(Samples.Request, amount, [default, default, default], [], 0),
            new HoldLine(Samples.Request, amount, [default], [.. new byte[2049]], 0),
            new HoldLine(Samples.Request, amount, [default], [], -1),
            new VersionLine(Samples.Request, 0),
            new OutOfBoundsLine(Samples.Request, (int)LineKind.Pay, []),
        ];
        var sentences = lines.Select(line => PageForm.Check(line)!.Text).ToList();
        Assert.Contains(sentences, sentence => sentence.Contains(named, StringComparison.Ordinal));
    }

    [Fact]
    public void The_first_field_beyond_its_bound_is_the_one_that_is_named()
    {
        Line[] lines =
        [
            new PayLine(Samples.Request, default, TooLong),
            new ProposeLine(Samples.Request, true, default, Long129, Long129),
            new HoldLine(Samples.Request, default, [], [], -1),
        ];
        foreach (var line in lines)
            Assert.Contains("An amount is 0", PageForm.Check(line)?.Text, StringComparison.Ordinal);
        Line[] misplaced =
        [
            new ModifyLine(Samples.Request, new Ref(-1, 0), default, "", ""),
            new DisputeLine(Samples.Request, new Ref(-1, 0), TooLong),
            new ReleaseLine(Samples.Request, new Ref(-1, 0), TooLong),
        ];
        foreach (var line in misplaced)
            Assert.Contains("No line can stand at -1.0", PageForm.Check(line)?.Text, StringComparison.Ordinal);
        Assert.Contains(
            "The method",
            PageForm.Check(new ProposeLine(Samples.Request, true, Amount.FromUnits(1), Long129, Long129))?.Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Every_part_of_a_line_is_held_to_its_bound()
    {
        var amount = Amount.FromUnits(1);
        Line[] lines =
        [
            new ModifyLine(Samples.Request, new Ref(-1, 0), amount, "", ""),
            new ModifyLine(Samples.Request, new Ref(1, 0), default, "", ""),
            new ProposeLine(Samples.Request, true, amount, Long129, ""),
            new ProposeLine(Samples.Request, true, amount, "", Long129),
            new DisputeLine(Samples.Request, new Ref(-1, 0), ""),
            new DisputeLine(Samples.Request, new Ref(1, 0), TooLong),
            new ReleaseLine(Samples.Request, new Ref(-1, 0), ""),
            new ReleaseLine(Samples.Request, new Ref(1, 0), TooLong),
            new ReceivedLine(Samples.Request, new Ref(-1, 0)),
            new FulfilLine(Samples.Request, new Ref(-1, 0), []),
            new HoldLine(Samples.Request, default, [default], [], 0),
            new HoldLine(Samples.Request, amount, [], [], 0),
            new VersionLine(Samples.Request, PageBounds.MaxVersion + 1),
        ];
        foreach (var line in lines)
            Assert.True(PageForm.Check(line)?.Why.Name == "out-of-bounds", line.ToString());
        Assert.Null(PageForm.Check(new VersionLine(Samples.Request, PageBounds.MaxVersion)));
        Assert.Null(PageForm.Check(new VersionLine(Samples.Request, 1)));
    }

    [Fact]
    public void A_page_of_the_most_lines_is_fine_and_its_other_bounds_are_named()
    {
        Assert.Null(PageForm.Check(Samples.Page([.. Enumerable.Repeat(Samples.EveryLine[0], PageBounds.MaxLines)])));
        Assert.Contains(
            "1025 lines",
            PageForm.Check(Samples.Page([.. Enumerable.Repeat(Samples.EveryLine[0], 1025)]))?.Text,
            StringComparison.Ordinal);
        Assert.Contains(
            "time -1", PageForm.Check(Samples.Page() with { TimeMs = -1 })?.Text, StringComparison.Ordinal);
        Assert.Null(PageForm.Check(Samples.Page() with { TimeMs = 0, Seen = new Head(0, default) }));
        Assert.NotNull(PageForm.Check(Samples.Page() with { Seen = new Head(-1, default) }));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(PageBounds.MaxVersion, true)]
    [InlineData(PageBounds.MaxVersion + 1, false)]
    public void A_version_is_read_up_to_its_bound(int version, bool isRead)
    {
        var bytes = LineCodec.Encode(new VersionLine(Samples.Request, version));
        Assert.True(LineCodec.TryDecode(bytes, out var line, out _));
        Assert.Equal(isRead, line is VersionLine);
    }

    [Fact]
    public void A_line_that_no_codec_knows_is_a_bug_and_is_named()
    {
        var strange = new StrangeLine(Samples.Request);
        var unkind = Assert.Throws<ArgumentOutOfRangeException>(() => LineCodec.KindOf(strange));
        Assert.Contains("no kind", unkind.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(StrangeLine), unkind.Message, StringComparison.Ordinal);
        var unruled = Assert.Throws<InvalidOperationException>(
            () => Rules.Judge(new FoldDraft(Fold.Empty(Samples.Terms.Id)), Party.Zero, strange));
        Assert.Contains(nameof(StrangeLine), unruled.Message, StringComparison.Ordinal);
    }

    private sealed record StrangeLine(RequestId RequestId) : Line(RequestId);

    [Fact]
    public void A_sample_of_every_kind_is_within_all_bounds() =>
        Assert.Null(PageForm.Check(PageCodec.Encode(Samples.Page([.. Samples.EveryLine]))));

    private static UnknownLine Large(int bytes) => new(default, 99, ImmutableArray.Create(new byte[bytes]));

    private static void Ref(CanonicalWriter to, long page, long line)
    {
        to.Integer(page);
        to.Integer(line);
    }

    private static void Hashes(CanonicalWriter to, int count)
    {
        to.Integer(count);
        for (var i = 0; i < count; i++)
            to.Hash(Hash.Of([(byte)i]));
    }
}
