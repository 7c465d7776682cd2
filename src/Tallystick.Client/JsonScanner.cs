using System.Text;

namespace Tallystick.Client;

/// <summary>Cuts one JSON document (RFC 8259, at most 64 levels deep) into its values.</summary>
/// <remarks>Nothing here is generic over characters, bytes or records: such code is compiled when it is used.</remarks>
internal ref struct JsonScanner(ReadOnlySpan<byte> json)
{
    private const int MaxDepth = 64;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly object Number = new();

    private readonly ReadOnlySpan<byte> text = json;
    private int at;

    /// <summary>
    /// The whole document: <see cref="PlainJson"/>, a list, text, true or false, null, or something else for a number.
    /// </summary>
    /// <exception cref="FormatException">It is not exactly one document.</exception>
    public object? Document()
    {
        var value = Value(0);
        return Next() == 0 && at == text.Length ? value : throw Invalid();
    }

    private readonly byte Here => at < text.Length ? text[at] : (byte)0;

    /// <summary>Passes over white space and tells what is behind it; 0 for the end.</summary>
    private byte Next()
    {
        while (Here is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            at++;
        return Here;
    }

    private object? Value(int depth)
    {
        switch (Next())
        {
            case (byte)'{':
                return Object(Deeper(depth));
            case (byte)'[':
                return List(Deeper(depth));
            case (byte)'"':
                return Text();
            case (byte)'t':
                Take("true"u8);
                return true;
            case (byte)'f':
                Take("false"u8);
                return false;
            case (byte)'n':
                Take("null"u8);
                return null;
            default:
                TakeNumber();
                return Number;
        }
    }

    private PlainJson Object(int depth)
    {
        var read = new PlainJson();
        if (Next() == '}')
        {
            at++;
            return read;
        }
        do
        {
            var name = Next() == '"' ? Text() : throw Invalid();
            if (Next() != ':')
                throw Invalid();
            at++;
            read.Values[name] = Value(depth);
        }
        while (GoesOn((byte)'}'));
        return read;
    }

    private List<object?> List(int depth)
    {
        var read = new List<object?>();
        if (Next() == ']')
        {
            at++;
            return read;
        }
        do
            read.Add(Value(depth));
        while (GoesOn((byte)']'));
        return read;
    }

    private bool GoesOn(byte end)
    {
        var next = Next();
        at++;
        return next == ',' || (next == end ? false : throw Invalid());
    }

    // The bracket is taken as well.
    private int Deeper(int depth)
    {
        at++;
        return depth < MaxDepth ? depth + 1 : throw Invalid();
    }

    private string Text()
    {
        var start = ++at;
        while (Here is not ((byte)'"' or (byte)'\\'))
            Pass();
        if (Here == '"')
            return Decoded(start, at++);
        var read = new StringBuilder();
        while (true)
        {
            read.Append(Decoded(start, at));
            if (Here == '"')
                break;
            at++;
            read.Append(Escaped());
            start = at;
            while (Here is not ((byte)'"' or (byte)'\\'))
                Pass();
        }
        at++;
        var whole = read.ToString();
        return IsWhole(whole) ? whole : throw Invalid();
    }

    private void Pass() => at += Here >= ' ' ? 1 : throw Invalid();

    private readonly string Decoded(int start, int end)
    {
        try
        {
            return Utf8.GetString(text[start..end]);
        }
        catch (DecoderFallbackException)
        {
            throw Invalid();
        }
    }

    private char Escaped()
    {
        var letter = Here;
        at++;
        return letter switch
        {
            (byte)'"' or (byte)'\\' or (byte)'/' => (char)letter,
            (byte)'b' => '\b',
            (byte)'f' => '\f',
            (byte)'n' => '\n',
            (byte)'r' => '\r',
            (byte)'t' => '\t',
            (byte)'u' => (char)((Digit() << 12) | (Digit() << 8) | (Digit() << 4) | Digit()),
            _ => throw Invalid(),
        };
    }

    private int Digit()
    {
        var digit = Here switch
        {
            >= (byte)'0' and <= (byte)'9' => Here - '0',
            >= (byte)'a' and <= (byte)'f' => Here - 'a' + 10,
            >= (byte)'A' and <= (byte)'F' => Here - 'A' + 10,
            _ => throw Invalid(),
        };
        at++;
        return digit;
    }

    // Two escapes make one character beyond the first 65,536; one half alone is none.
    private static bool IsWhole(string read)
    {
        for (var i = 0; i < read.Length; i++)
        {
            if (char.IsHighSurrogate(read[i]) && i + 1 < read.Length && char.IsLowSurrogate(read[i + 1]))
                i++;
            else if (char.IsSurrogate(read[i]))
                return false;
        }
        return true;
    }

    private void Take(ReadOnlySpan<byte> word)
    {
        foreach (var letter in word)
        {
            if (Here != letter)
                throw Invalid();
            at++;
        }
    }

    private void TakeNumber()
    {
        if (Here == '-')
            at++;
        if (Here == '0')
            at++;
        else
            TakeDigits();
        if (Here == '.')
        {
            at++;
            TakeDigits();
        }
        if (Here is (byte)'e' or (byte)'E')
        {
            at++;
            if (Here is (byte)'+' or (byte)'-')
                at++;
            TakeDigits();
        }
    }

    private void TakeDigits()
    {
        var start = at;
        while (Here is >= (byte)'0' and <= (byte)'9')
            at++;
        if (at == start)
            throw Invalid();
    }

    private readonly FormatException Invalid() => new($"The answer is no JSON at byte {at}.");
}
