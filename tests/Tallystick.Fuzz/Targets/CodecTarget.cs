using Tallystick.Core.Pages;
using Tallystick.Core.Sync;
using Tallystick.Core.Tabs;
using Tallystick.Fuzz.Inputs;

namespace Tallystick.Fuzz.Targets;

/// <summary>What a decoder made of the bytes: the bytes encoded again, or why it refused.</summary>
/// <param name="Again">The record encoded again, or null.</param>
/// <param name="Refusal">Why it was refused, or null.</param>
/// <param name="Words">What was decoded, in few words.</param>
internal readonly record struct Decoded(byte[]? Again, Refusal? Refusal, string Words);

/// <summary>A decoder: it refuses with bad-encoding, or what it decodes encodes to the same bytes.</summary>
internal sealed class CodecTarget(
    string name, Func<byte[], Decoded> decode, IEnumerable<byte[]> seeds, Func<AnyRecord, byte[]> any) : Target
{
    public override string Name => name;

    public override int MaxLength => PageCodec.MaxReadableBytes + 64;

    public static CodecTarget Line() => new("line", DecodeLine, LineSeeds(), any => LineCodec.Encode(any.Line()));

    public static CodecTarget Page() => new(
        "page", DecodePage, [.. Corpus.Vectors("pages.json"), .. Corpus.Vectors("refused.json", "page")],
        any => PageCodec.Encode(any.Page()).Bytes.ToArray());

    public static CodecTarget Hello() => new(
        "hello", DecodeHello, [.. Corpus.Vectors("links.json"), .. Corpus.Vectors("refused.json", "hello")],
        any => HelloCodec.Encode(any.Hello()).Bytes.ToArray());

    public static CodecTarget Greeting() => new(
        "greeting", DecodeGreeting, [.. Corpus.Vectors("links.json"), .. Corpus.Vectors("refused.json", "greeting")],
        any => GreetingCodec.Encode(any.Greeting()));

    public static CodecTarget Fault() => new(
        "fault", DecodeFault, [.. Corpus.Vectors("links.json"), .. Corpus.Vectors("refused.json", "fault")],
        any => FaultCodec.Encode(any.Fault()).Bytes.ToArray());

    public static Decoded DecodePage(byte[] bytes)
    {
        if (!PageCodec.TryDecode(bytes, out var page, out var refusal))
            return new Decoded(null, refusal, string.Empty);
        // The form is asked of every page that is read, before any state.
        var form = PageForm.Check(page)?.Why.Name;
        var kinds = string.Join(' ', page.Page.Lines.Take(3).Select(line => line.GetType().Name));
        return new Decoded(PageCodec.Encode(page.Page).Bytes.ToArray(), null, $"{kinds} {form}");
    }

    public override IEnumerable<byte[]> Seeds() => seeds;

    public override byte[] Generate(Random random) => any(new AnyRecord(random));

    public override string Run(byte[] input)
    {
        var (again, refusal, words) = decode(input);
        if (again is null)
        {
            if (refusal is null)
                throw new FindingException("Neither decoded nor refused.");
            if (refusal.Why != Rejections.BadEncoding)
                throw new FindingException($"Refused as {refusal.Why}, not as bad-encoding.");
            return WithoutNumbers(refusal.Text);
        }
        if (!again.AsSpan().SequenceEqual(input))
            throw new FindingException($"Encoded again it is {Convert.ToHexStringLower(again)}.");
        return words;
    }

    private static string WithoutNumbers(string text) => string.Concat(text.Where(c => !char.IsAsciiDigit(c)));

    private static Decoded DecodeLine(byte[] bytes) => LineCodec.TryDecode(bytes, out var line, out var refusal)
        ? new Decoded(LineCodec.Encode(line), null, $"{line.GetType().Name} {PageForm.Check(line)?.Why.Name}")
        : new Decoded(null, refusal, string.Empty);

    private static Decoded DecodeHello(byte[] bytes) => HelloCodec.TryDecode(bytes, out var hello, out var refusal)
        ? new Decoded(HelloCodec.Encode(hello.Hello).Bytes.ToArray(), null, "hello")
        : new Decoded(null, refusal, string.Empty);

    private static Decoded DecodeGreeting(byte[] bytes) =>
        GreetingCodec.TryDecode(bytes, out var greeting, out var refusal)
            ? new Decoded(GreetingCodec.Encode(greeting), null, "greeting")
            : new Decoded(null, refusal, string.Empty);

    private static Decoded DecodeFault(byte[] bytes) => FaultCodec.TryDecode(bytes, out var fault, out var refusal)
        ? new Decoded(FaultCodec.Encode(fault.Fault).Bytes.ToArray(), null, "fault")
        : new Decoded(null, refusal, string.Empty);

    private static IEnumerable<byte[]> LineSeeds()
    {
        foreach (var bytes in Corpus.Vectors("pages.json"))
        {
            if (PageCodec.TryDecode(bytes, out var page, out _))
            {
                foreach (var line in page.Page.Lines)
                    yield return LineCodec.Encode(line);
            }
        }
    }
}
