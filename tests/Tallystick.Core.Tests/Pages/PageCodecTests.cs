using FsCheck;
using FsCheck.Fluent;
using Tallystick.Core.Identity;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;
using Tallystick.Core.Tests.Wire;

namespace Tallystick.Core.Tests.Pages;

public sealed class PageCodecTests
{
    private static readonly byte[] FullPage = PageCodec.Encode(Samples.Page([.. Samples.EveryLine])).Bytes.ToArray();

    [Fact]
    public void Every_page_within_the_bounds_comes_back_as_it_was() =>
        Prop.ForAll(AnyValue.Page.ToArbitrary(), page =>
        {
            var encoded = PageCodec.Encode(page);
            var decoded = Decode(encoded.Bytes);
            Assert.Equal(encoded.Hash, decoded.Hash);
            Assert.Equal(Hash.Of(encoded.Bytes.Span), decoded.Hash);
            Assert.True(page.Lines.AsSpan().SequenceEqual(decoded.Page.Lines.AsSpan()));
            Assert.Equal(page with { Lines = [] }, decoded.Page with { Lines = [] });
            Assert.Null(PageForm.Check(decoded));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Known_lines_never_change_what_a_page_says()
    {
        // Each of them is compared, and so must be one more.
        Assert.Equal(["Amount", "Memo", "RequestId"], typeof(PayLine).GetProperties().Select(one => one.Name).Order());
        var (id, other) = (Samples.Request, RequestId.FromGuid(Guid.NewGuid()));
        Line[] lines =
        [
            new PayLine(id, Amount.FromUnits(5), ""), new PayLine(id, Amount.FromUnits(5), "é"),
            new PayLine(id, Amount.FromUnits(5), "e"), new PayLine(id, Amount.FromUnits(6), ""),
            new PayLine(other, Amount.FromUnits(5), ""), .. Samples.EveryLine,
        ];
        foreach (var line in lines)
        {
            foreach (var known in lines)
            {
                var bytes = PageCodec.Encode(Samples.Page(line)).Bytes;
                Assert.True(PageCodec.TryDecode(bytes, [known], out var page, out _));
                var read = Assert.Single(page.Page.Lines);
                Assert.Equal(line, read);
                Assert.Equal(line is PayLine && line == known, ReferenceEquals(known, read));
            }
        }
        Assert.True(PageCodec.TryDecode(FullPage, [lines[0]], out var full, out _));
        Assert.Equal(Samples.EveryLine, full.Page.Lines);
    }

    [Fact]
    public void Every_line_has_the_size_that_is_said_before_it_is_written() =>
        Prop.ForAll(AnyValue.Line.ToArbitrary(), line =>
        {
            var bytes = LineCodec.Encode(line);
            Assert.Equal(LineCodec.EncodedSize(line), bytes.Length);
            Assert.True(LineCodec.TryDecode(bytes, out var decoded, out _));
            Assert.Equal(line, decoded);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_bytes_of_a_page_are_those_that_the_protocol_describes()
    {
        var page = Samples.Page(new PayLine(Samples.Request, Amount.FromUnits(1000), "é"));
        byte[] expected =
        [
            .. "tab-page/1"u8,
            .. Samples.Terms.Id.Hash.ToArray(),
            1,
            2,
            .. Samples.HashOf("page 1").ToArray(),
            0xac, 0x02, .. Samples.HashOf("page 300").ToArray(),
            .. Samples.Hello.Hash.ToArray(),
            .. Convert.FromHexString("80d0eab6b733"),
            1,
            1, 21, .. Samples.Request.ToArray(), 0xe8, 0x07, 2, 0xc3, 0xa9,
            0xe8, 0x07, 0, 127, 0x80, 0x01,
            .. Samples.HashOf("state").ToArray(),
        ];
        Assert.Equal(Convert.ToHexStringLower(expected), Convert.ToHexStringLower(PageCodec.Encode(page).Bytes.Span));
    }

    [Fact]
    public void Every_mutated_byte_is_refused_or_makes_another_canonical_page()
    {
        var mutated = FullPage.ToArray();
        var refused = 0;
        for (var at = 0; at < mutated.Length; at++)
        {
            foreach (var flip in Mutation.Flips)
            {
                mutated[at] = (byte)(FullPage[at] ^ flip);
                if (!PageCodec.TryDecode(mutated, out var page, out var refusal))
                    refused += refusal.Why == Rejections.BadEncoding ? 1 : throw new InvalidOperationException();
                else if (!PageCodec.Encode(page.Page).Bytes.Span.SequenceEqual(mutated))
                    Assert.Fail($"byte {at} ^ {flip}");
            }
            mutated[at] = FullPage[at];
        }
        Assert.NotEqual(0, refused);
    }

    [Fact]
    public void Every_value_of_every_byte_of_every_line_is_refused_or_makes_another_canonical_line()
    {
        foreach (var original in Samples.EveryLine.Select(LineCodec.Encode))
        {
            var mutated = original.ToArray();
            for (var at = 0; at < mutated.Length; at++)
            {
                for (var flip = 1; flip < 256; flip++)
                {
                    mutated[at] = (byte)(original[at] ^ flip);
                    if (LineCodec.TryDecode(mutated, out var line, out _)
                        && !LineCodec.Encode(line).AsSpan().SequenceEqual(mutated))
                    {
                        Assert.Fail($"{line} byte {at} ^ {flip}");
                    }
                }
                mutated[at] = original[at];
            }
        }
    }

    [Fact]
    public void A_page_cut_at_any_place_or_longer_by_a_byte_is_refused()
    {
        for (var length = 0; length < FullPage.Length; length++)
            Assert.False(PageCodec.TryDecode(FullPage.AsMemory(0, length), out _, out _));
        Assert.False(PageCodec.TryDecode(FullPage.Append((byte)0).ToArray(), out _, out _));
    }

    [Fact]
    public void Random_bytes_never_throw_with_or_without_the_tag() =>
        Prop.ForAll(AnyValue.Bytes.ToArbitrary(), bytes =>
        {
            Assert.False(PageCodec.TryDecode(bytes, out _, out _));
            byte[] tagged = [.. "tab-page/1"u8, .. bytes];
            if (PageCodec.TryDecode(tagged, out var page, out _))
                Assert.Equal(tagged, PageCodec.Encode(page.Page).Bytes.ToArray());
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Random_line_bodies_never_throw_and_what_decodes_is_canonical() =>
        Prop.ForAll(Gen.Choose(0, 14).ToArbitrary(), AnyValue.Bytes.ToArbitrary(), (kind, fields) =>
        {
            byte[] body = [.. Samples.Request.ToArray(), .. fields];
            if (body.Length > 127)
                body = body[..127];
            byte[] bytes = [(byte)kind, (byte)body.Length, .. body];
            if (LineCodec.TryDecode(bytes, out var line, out _))
                Assert.Equal(bytes, LineCodec.Encode(line));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void A_line_of_an_unknown_kind_is_kept_as_it_is_and_breaks_no_bound()
    {
        var line = new UnknownLine(default, 64, [9, 9, 9]);
        var decoded = Decode(PageCodec.Encode(Samples.Page(line)).Bytes);
        Assert.Equal(line, Assert.Single(decoded.Page.Lines));
        Assert.Null(PageForm.Check(decoded));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(12, 1)]
    [InlineData(63, 1)]
    [InlineData(64, 2)]
    [InlineData(128, 3)]
    public void The_number_of_a_kind_states_its_version(int kind, int version) =>
        Assert.Equal(version, LineCodec.VersionOfKind(kind));

    [Fact]
    public void The_kinds_are_numbered_in_the_order_of_the_protocol() =>
        Assert.Equal(Enumerable.Range(1, 12), Samples.EveryLine.Select(LineCodec.KindOf));

    [Fact]
    public void Every_kind_of_line_has_a_sample_and_a_codec()
    {
        var kinds = typeof(Line).Assembly.GetTypes()
            .Where(t => t.BaseType == typeof(Line))
            .Except([typeof(UnknownLine), typeof(OutOfBoundsLine)]);
        Assert.Equal(kinds.OrderBy(t => t.Name), Samples.EveryLine.Select(l => l.GetType()).OrderBy(t => t.Name));
    }

    [Fact]
    public void The_largest_size_is_never_less_than_the_size() =>
        Prop.ForAll(AnyValue.Page.ToArbitrary(), page =>
        {
            var lineBytes = page.Lines.Sum(LineCodec.EncodedSize);
            Assert.True(PageCodec.Encode(page).Bytes.Length <= PageCodec.LargestSize(page.Lines.Length, lineBytes));
        }).QuickCheckThrowOnFailure();

    private static EncodedPage Decode(ReadOnlyMemory<byte> bytes)
    {
        Assert.True(PageCodec.TryDecode(bytes, out var page, out var refusal), refusal?.Text);
        return page;
    }
}
